import { readFileSync } from 'node:fs'
import { startApplication } from '#tests/harness/application'
import { filesOf, type Files } from '#tests/harness/proofs/files'
import type { AnyEvent } from '#registered_mail/evidence/append_events'
import type { Sealer } from '#registered_mail/evidence/crypto/sign'
import type { Trust } from '#registered_mail/evidence/verification/report'
import type { TimestampAuthority } from '#tests/fakes/timestamp_authority'

/** What an attacker may have: bundles of now and of before, the key of the seal, and the authority's address. */
export interface Ground {
  authority: TimestampAuthority
  sealer: Sealer
  trust: Trust
  /** Two letters, each as it is and as it was when it was anchored earlier. */
  bundles: { now: Files; before: Files }[]
  stop(): Promise<void>
}

const RECIPIENT = {
  kind: 'recipient',
  ip: '192.0.2.17',
  port: 51_234,
  ua: 'Mozilla/5.0',
  session: 'ab'.repeat(32),
} as const
const SYSTEM = { kind: 'system' } as const
const HASH = '5f'.repeat(32)
const STATEMENT = 'J’accepte de recevoir cette lettre par voie électronique.'

const first = (letterId: number): AnyEvent[] => [
  {
    letterId,
    type: 'notification.sent',
    actor: SYSTEM,
    data: {
      to: 'hélène@brume.example',
      messageId: '<1@amiable.example>',
      messageSha256: HASH,
      reply: '250 2.0.0 Ok',
    },
  },
  { letterId, type: 'page.fetched', actor: RECIPIENT, data: { page: 'accueil' } },
  {
    letterId,
    type: 'identity.code_sent',
    actor: SYSTEM,
    data: { channel: 'SMS', address: '06 •• •• •• 12', contactSource: 'le créancier' },
  },
]

const then = (letterId: number, imageSha256: string): AnyEvent[] => [
  {
    letterId,
    type: 'identity.verified',
    actor: RECIPIENT,
    data: { channel: 'SMS', address: '06 •• •• •• 12', attempts: 1 },
  },
  {
    letterId,
    type: 'letter.accepted',
    actor: RECIPIENT,
    data: { statement: STATEMENT, statementSha256: HASH },
  },
  { letterId, type: 'content.handed_over', actor: SYSTEM, data: { sha256: HASH, bytes: 586 } },
  { letterId, type: 'content.viewed', actor: RECIPIENT, data: { pages: [1] } },
  {
    letterId,
    type: 'letter.signed',
    actor: RECIPIENT,
    data: {
      method: 'drawn',
      name: 'Hélène Brume',
      statement: STATEMENT,
      statementSha256: HASH,
      documentSha256: HASH,
      imageSha256,
    },
  },
]

export async function prepare(): Promise<Ground> {
  const application = await startApplication()
  const { endAuthority, exported, givenAuthority } = await import('#tests/fixtures/evidence')
  const authority = await givenAuthority()
  const { transaction } = await import('#shared/transaction')
  const { appendEvents } = await import('#registered_mail/evidence/append_events')
  const { currentSeal } = await import('#registered_mail/evidence/seal/current_seal')
  const { givenAgency, givenClaim } = await import('#tests/fixtures/domain')
  const { aDepositedLetter } = await import('#tests/fixtures/evidence')
  await givenAgency()
  const letters = [await aDepositedLetter(await givenClaim()), await aDepositedLetter(await givenClaim())]
  const append = (events: AnyEvent[]) => transaction((trx) => appendEvents(trx, events))
  for (const { id } of letters) await append(first(id))
  const before: Files[] = []
  for (const { ref } of letters) before.push(await filesOf((await exported(ref)).zip))
  const { storeFile } = await import('#shared/files')
  const image = await transaction((trx) => storeFile(trx, Buffer.from('trait'), 'image/png'))
  for (const { id } of letters) await append(then(id, image))
  const bundles: Ground['bundles'] = []
  for (const [index, { ref }] of letters.entries()) {
    bundles.push({ now: await filesOf((await exported(ref)).zip), before: before[index]! })
  }
  const sealer = await currentSeal()
  return {
    authority,
    sealer,
    trust: {
      timestampAuthority: readFileSync(authority.caFile, 'utf8'),
      sealAuthority: sealer.chain.at(-1)!.toString(),
    },
    bundles,
    async stop() {
      await endAuthority(authority)
      await application.stop()
    },
  }
}
