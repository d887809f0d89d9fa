import { readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import Agency from '#agency/models/agency'
import { appendEvents, type AnyEvent } from '#registered_mail/evidence/append_events'
import { openChains } from '#registered_mail/evidence/chains'
import { depositsOf } from '#registered_mail/evidence/deposits'

const SYSTEM = { kind: 'system' } as const

/** Registered letters on paper begin their chain when they are written: what is posted is that file. */
export async function depositRendered(trx: TransactionClientContract, letterIds: readonly number[]) {
  const letters = await depositsOf(trx, letterIds, 'lrar')
  if (letters.length === 0) return
  const agency = await Agency.query({ client: trx }).orderBy('id').firstOrFail()
  await openChains(
    trx,
    letters.map(({ letterId, renderedSha256 }) => ({
      letterId,
      contentSha256: renderedSha256,
      renderedSha256,
      level: null,
    }))
  )
  await appendEvents(
    trx,
    letters.map(({ letterId, ...deposit }): AnyEvent => ({
      letterId,
      type: 'letter.deposited',
      actor: SYSTEM,
      data: {
        ...deposit,
        channel: 'lrar',
        sender: senderOf(agency),
        policy: EVIDENCE_POLICY,
        build: build(),
      },
    }))
  )
}

/** A person has posted it, with the number on its slip; said again, the number is corrected by a new line. */
export async function recordPosting(
  trx: TransactionClientContract,
  {
    letterId,
    registeredNumber,
    userId,
  }: { letterId: number; registeredNumber: string | null; userId: number }
) {
  const chain = await trx.from('evidence_chains').where('letter_id', letterId).select('letter_id').first()
  if (!chain) return
  await appendEvents(trx, [
    {
      letterId,
      type: 'letter.posted',
      actor: { kind: 'user', id: String(userId) },
      data: { registeredNumber },
    },
  ])
}

/** The rules under which events are written and kept; a change of rules changes its name. */
export const EVIDENCE_POLICY = 'amiable-preuve-1'
export const build = () =>
  (version ??= (JSON.parse(readFileSync(app.makePath('package.json'), 'utf8')) as { version: string })
    .version)
let version: string | undefined

export const senderOf = ({ name, addressLines, email }: Agency) => ({
  name,
  addressLines,
  ...(email ? { email } : {}),
})
