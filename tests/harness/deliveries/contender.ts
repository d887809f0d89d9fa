import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { bootApp, leave, plan, tell } from '#tests/harness/deliveries/boot'

export interface ContenderPlan {
  transactions: number
  /** Only flushes a small file over and over until its parent says a word: what it stalls is the machine's doing. */
  idle?: boolean
}

export interface ContenderResult {
  errors: string[]
  longestStallMs: number
}

const { transactions, idle = false } = plan<ContenderPlan>()
const app = await bootApp()
const { clock } = await import('#shared/clock')
const { takeNumbers } = await import('#shared/numbering')
const { transaction } = await import('#shared/transaction')

const stalls = monitorEventLoopDelay({ resolution: 5 })
stalls.enable()
const errors: string[] = []
for (let count = 0; count < transactions; count++) {
  try {
    // Reads, then writes what it has read: the shape that fails when transactions begin deferred.
    await transaction(async (trx) => {
      const [{ most }] = await trx.from('stored_files').max('bytes as most')
      const number = await takeNumbers(trx, 'harness', 2026)
      await trx.table('stored_files').insert({
        sha256: String(number).padStart(64, '0'),
        bytes: (most ?? 0) + 1,
        media_type: 'text/plain',
        created_at: clock.now(),
      })
    })
  } catch (error) {
    errors.push(String(error))
  }
}
if (idle) await flushUntilTold()
stalls.disable()
const result: ContenderResult = { errors, longestStallMs: stalls.max / 1e6 }
tell({ result })
await leave(app)

async function flushUntilTold() {
  let told = false
  process.once('message', () => (told = true))
  tell({ idle: true })
  const file = openSync(`${process.env.STORAGE_DIR}/idle`, 'w')
  while (!told) {
    writeSync(file, Buffer.alloc(4096), 0, 4096, 0)
    fdatasyncSync(file)
    await sleep(5)
  }
  closeSync(file)
}
