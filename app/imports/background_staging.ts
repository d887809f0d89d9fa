import { setTimeout as sleep } from 'node:timers/promises'
import app from '@adonisjs/core/services/app'
import logger from '@adonisjs/core/services/logger'
import StageImport from '#imports/actions/stage_import'
import type { ColumnChoice } from '#imports/reader/protocol'

/** Most tables are read before a person would notice; the others go on behind the progress page. */
const PATIENCE_MS = 6_000

const running = new Set<Promise<unknown>>()

/**
 * Reads a table behind the page that asked for it, and waits a little in case it is short. The
 * application waits for readings when it closes; one that is cut can be asked for again.
 */
export async function stageInBackground(importId: number, columns: ColumnChoice) {
  const reading = new StageImport().handle({ importId, columns }).catch((error: Error) => {
    logger.error({ err: error, importId }, 'a table could not be read')
  })
  running.add(reading)
  void reading.finally(() => running.delete(reading))
  await Promise.race([reading, sleep(PATIENCE_MS, undefined, { ref: false })])
}

/** Every reading under way in this process, ended. */
export const readingsEnded = () => Promise.allSettled(running)

app.terminating(async () => {
  await readingsEnded()
})
