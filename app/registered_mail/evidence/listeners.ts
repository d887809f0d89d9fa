import { readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import Agency from '#agency/models/agency'
import { appendEvents, type AnyEvent } from '#registered_mail/evidence/append_events'
import { openChains } from '#registered_mail/evidence/chains'
import { ELECTRONIC_KINDS } from '#letters/letter_content'
import { addresseeOf, type LetterAddressee } from '#registered_mail/electronic/addressees'
import { consentData } from '#registered_mail/ere/consents'
import EreConsent from '#registered_mail/ere/models/ere_consent'
import { depositsOf, type Deposit } from '#registered_mail/evidence/deposits'
import type { EvidenceData } from '#registered_mail/evidence/event_types'

const SYSTEM = { kind: 'system' } as const

/** Letters that somebody else carries begin their chain when they are written: what leaves is that file. */
export async function depositRendered(trx: TransactionClientContract, letterIds: readonly number[]) {
  const letters = await carriedLetters(trx, letterIds)
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
    letters.flatMap(({ letterId, channel, addressee, consent, ...deposit }): AnyEvent[] => {
      const actor = addressee?.userId ? ({ kind: 'user', id: String(addressee.userId) } as const) : SYSTEM
      const recipient = { ...deposit.recipient, ...(addressee ? { email: addressee.email } : {}) }
      const rules = { policy: EVIDENCE_POLICY, build: build() }
      const data = { ...deposit, recipient, channel, sender: senderOf(agency), ...rules }
      return [
        ...(consent ? [{ letterId, type: 'consent.recorded', actor, data: consent } as const] : []),
        { letterId, type: 'letter.deposited', actor, data },
      ]
    })
  )
}

interface CarriedLetter extends Deposit {
  channel: 'lrar' | 'lre' | 'ere'
  addressee: LetterAddressee | null
  consent: EvidenceData['consent.recorded'] | null
}

/** On paper, registered; electronically, with a provider: our own EREs are sealed first (`DepositLetter`). */
async function carriedLetters(
  trx: TransactionClientContract,
  letterIds: readonly number[]
): Promise<CarriedLetter[]> {
  const paper = await depositsOf(trx, letterIds, 'lrar')
  const letters: CarriedLetter[] = paper.map((one) => ({
    ...one,
    channel: 'lrar',
    addressee: null,
    consent: null,
  }))
  for (const channel of ELECTRONIC_KINDS) {
    for (const deposit of await depositsOf(trx, letterIds, channel)) {
      const addressee = await addresseeOf(trx, { letter_id: deposit.letterId })
      if (!addressee) continue
      const given = addressee.consentId
        ? await EreConsent.findOrFail(addressee.consentId, { client: trx })
        : null
      letters.push({ ...deposit, channel, addressee, consent: given && consentData(given) })
    }
  }
  return letters
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
