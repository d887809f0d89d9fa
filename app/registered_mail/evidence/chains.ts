import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'

export type PadesLevel = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA'

export interface NewChain {
  letterId: number
  contentSha256: string
  renderedSha256: string
  level: PadesLevel | null
}

/** Opens chains for letters that have none; what is sent is then fixed for ever. */
export async function openChains(trx: TransactionClientContract, chains: readonly NewChain[]) {
  const opened = clock.now()
  await trx.table('evidence_chains').multiInsert(
    chains.map(({ letterId, contentSha256, renderedSha256, level }) => ({
      letter_id: letterId,
      content_sha256: contentSha256,
      rendered_sha256: renderedSha256,
      level,
      opened_at: opened,
    }))
  )
}

/** The last event of a letter's chain: what the parties are told, so that they can hold us to it. */
export async function headOf(
  client: QueryClientContract,
  letterId: number
): Promise<{ seq: number; hash: string } | null> {
  return client
    .from('evidence_events')
    .where('letter_id', letterId)
    .orderBy('seq', 'desc')
    .select('seq', 'hash')
    .first()
}

/** The lines of a letter's chain, as they were written. */
export async function linesOf(client: QueryClientContract, letterId: number): Promise<string[]> {
  const rows = await client.from('evidence_events').where('letter_id', letterId).orderBy('seq').select('line')
  return rows.map(({ line }) => line)
}

/** The log as a file. */
export const logOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
