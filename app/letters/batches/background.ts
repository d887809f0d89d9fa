import { setTimeout as sleep } from 'node:timers/promises'
import app from '@adonisjs/core/services/app'
import logger from '@adonisjs/core/services/logger'
import { WorkBatches } from '#letters/batches/work_batches'

/** What has its PDF already is ready before a person would notice; the rest goes on behind the page of the batch. */
const PATIENCE_MS = 1_500

const stopping = new AbortController()
let working: Promise<number> = Promise.resolve(0)

/**
 * Works the batches that are not ready, one caller at a time in this process: the tick and the pages
 * never draw the same sheet twice. A stop is waited for, and the next tick goes on.
 */
export function workBatches(signal?: AbortSignal): Promise<number> {
  const both = AbortSignal.any([stopping.signal, ...(signal ? [signal] : [])])
  const before = working.catch(() => 0)
  working = before.then(() => new WorkBatches().handle({ signal: both }))
  return working
}

/** Begins behind the page that asked for it, and waits a little in case it is short. */
export async function workInBackground() {
  const work = workBatches().catch((error: Error) => {
    logger.error({ err: error }, 'a batch of letters could not be finished; the next tick tries again')
  })
  await Promise.race([work, sleep(PATIENCE_MS, undefined, { ref: false })])
}

app.terminating(async () => {
  stopping.abort()
  await working.catch(() => 0)
})
