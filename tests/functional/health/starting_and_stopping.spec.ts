import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { givenInstallation, startServer } from '#tests/fixtures/processes'

test.group('the server', (group) => {
  let home: Awaited<ReturnType<typeof givenInstallation>>
  group.setup(async () => {
    home = await givenInstallation()
    return home.discard
  })

  test('stops when asked, with exit code 0', async ({ assert }) => {
    const server = await startServer(home.variables)
    await server.stop()
    assert.equal(server.process.exitCode, 0)
  })

  test('without HOST it listens to this machine only, as .env.example says', async ({ assert, cleanup }) => {
    const server = await startServer({ ...home.variables, HOST: undefined })
    cleanup(() => server.stop())
    // Another address of the loopback, which a server that listens everywhere answers too.
    const elsewhere = server.url.replace('127.0.0.1', '127.0.0.2')
    await assert.rejects(() => fetch(`${elsewhere}/health/live`), 'fetch failed')
  }).skip(process.platform !== 'linux', 'only Linux has the whole of 127.0.0.0/8')

  test('stops when asked while it is still starting', async ({ assert }) => {
    for (const patience of [200, 500, 900]) {
      const child = spawn(process.execPath, ['--import=./bin/loader.js', 'bin/server.ts'], {
        cwd: app.makePath('.'),
        env: { ...home.variables, HOST: '127.0.0.1', PORT: '0' },
        stdio: 'ignore',
      })
      const ended = once(child, 'close')
      await sleep(patience)
      child.kill('SIGTERM')
      const outcome = await Promise.race([ended, sleep(20_000, 'still running')])
      if (outcome === 'still running') child.kill('SIGKILL')
      assert.notEqual(outcome, 'still running', `asked after ${patience} ms`)
    }
  })
})
