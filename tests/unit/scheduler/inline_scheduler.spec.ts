import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import { InlineScheduler } from '#scheduler/inline_scheduler'

/** Resolves when `test` holds; the runner's own time limit ends a wait that never does. */
async function until(condition: () => boolean) {
  while (!condition()) await sleep(1)
}

test.group('The scheduler inside the web process', () => {
  test('one tick never begins before the last one is over', async ({ assert }) => {
    let running = 0
    let most = 0
    let ticks = 0
    const scheduler = new InlineScheduler(async () => {
      running += 1
      most = Math.max(most, running)
      await sleep(5)
      running -= 1
      ticks += 1
    }, 1)
    scheduler.start()
    await until(() => ticks >= 5)
    await scheduler.stop()
    assert.equal(most, 1)
    assert.equal(running, 0)
  })

  test('a stop waits for the tick under way, tells it to end, and none follows', async ({ assert }) => {
    let begun = 0
    let ended = false
    let told = false
    const scheduler = new InlineScheduler(async (_, signal) => {
      begun += 1
      await sleep(10)
      told = signal.aborted
      ended = true
    }, 1)
    scheduler.start()
    await until(() => begun === 1)
    await scheduler.stop()
    assert.isTrue(ended)
    assert.isTrue(told)
    await sleep(10)
    assert.equal(begun, 1)
  })

  test('a tick that fails does not end the scheduler', async ({ assert }) => {
    let ticks = 0
    const scheduler = new InlineScheduler(async () => {
      ticks += 1
      if (ticks === 1) throw new Error('locked')
    }, 1)
    scheduler.start()
    await until(() => ticks >= 3)
    await scheduler.stop()
    assert.isAtLeast(ticks, 3)
  })
})
