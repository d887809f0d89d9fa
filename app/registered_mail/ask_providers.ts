import logger from '@adonisjs/core/services/logger'
import { addMinutes, clock, type Instant } from '#shared/clock'
import { keepFile } from '#shared/files'
import { transaction } from '#shared/transaction'
import { carrierOf, type CarrierName } from '#registered_mail/carriers'
import { recordFacts, workMailingFacts } from '#registered_mail/inbox'
import { keepProof } from '#registered_mail/keep_proof'
import Mailing from '#registered_mail/models/mailing'
import type { PostalProvider, ProofKind } from '#registered_mail/providers/provider'
import { missingProofs } from '#registered_mail/queries/missing_proofs'
import { OVER } from '#registered_mail/states'

/** Webhooks are lost: after that long without news we ask. */
const SILENCE_MINUTES = 24 * 60
const PROOF_AGAIN_MINUTES = 60
const ASK_AGAIN_MINUTES = 30

/** Providers count requests; what is left over is for the next tick. */
const AT_ONCE = 50

/** A letter of which nothing is heard for that long is no longer asked about; a person has it in the agenda. */
const GIVEN_UP_MINUTES = 90 * 24 * 60

export interface Asked {
  asked: number
  proofs: number
  failed: { mailingId: number; reason: string }[]
}

/** Heals what webhooks did not bring, and stores the proofs as soon as they are there (rule 49). */
export async function askProviders(at: Instant, signal?: AbortSignal): Promise<Asked> {
  return clock.at(at, async () => {
    const total: Asked = { asked: 0, proofs: 0, failed: [] }
    for (const mailing of await silent(at)) {
      if (signal?.aborted) return total
      await attempt(total, mailing, async (provider) => {
        await ask(provider, mailing, at)
        total.asked += 1
      })
    }
    if (total.asked > 0) await workMailingFacts(at)
    for (const { mailing, kinds } of await missingProofs(addMinutes(at, -PROOF_AGAIN_MINUTES), AT_ONCE)) {
      if (signal?.aborted) return total
      await attempt(total, mailing, async (provider) => {
        for (const kind of kinds) if (await fetchProof(provider, mailing, kind)) total.proofs += 1
      })
      await touch(mailing, { proofs_asked_at: at })
    }
    return total
  })
}

const silent = (at: Instant) =>
  Mailing.query()
    .whereNotNull('providerRef')
    .whereNotIn('provider', ['manual', 'folder'])
    .whereNotIn('state', [...OVER])
    .whereNot((simple) => simple.where('kind', 'simple').where('state', 'delivered'))
    .where('createdAt', '>', addMinutes(at, -GIVEN_UP_MINUTES))
    .where((due) =>
      due
        .where((long) => silentSince(long, addMinutes(at, -SILENCE_MINUTES)))
        .orWhereRaw(TOLD_TO_ASK, [addMinutes(at, -ASK_AGAIN_MINUTES)])
    )
    .orderBy('id')
    .limit(AT_ONCE)

const silentSince = (query: ReturnType<typeof Mailing.query>, before: Instant) =>
  query
    .where((old) => old.whereNull('heardAt').orWhere('heardAt', '<=', before))
    .where((old) => old.whereNull('askedAt').orWhere('askedAt', '<=', before))

/** An event that says that a letter came back, or changed, and not how: asking tells, again while it does not answer. */
const TOLD_TO_ASK = `exists (
  select 1 from mailing_facts f
  where f.provider = mailings.provider and f.provider_ref = mailings.provider_ref and f.heard_by = 'webhook'
    and f.state is null and coalesce(f.proof, 'returned_mail') = 'returned_mail'
    and (mailings.asked_at is null or f.received_at > mailings.asked_at
      or ((mailings.answered_at is null or f.received_at > mailings.answered_at) and mailings.asked_at <= ?)))`

/** One that fails is told and asked again later; the others go on. */
async function attempt(
  total: Asked,
  mailing: Mailing,
  work: (provider: PostalProvider) => Promise<void>
): Promise<void> {
  const { provider } = carrierOf(mailing.provider as CarrierName)
  if (!provider) return
  try {
    await work(provider)
  } catch (error) {
    logger.error({ err: error, mailing: mailing.id }, 'a provider could not be asked about a mailing')
    total.failed.push({ mailingId: mailing.id, reason: (error as Error).message })
    await touch(mailing, { asked_at: clock.now() })
  }
}

async function ask(provider: PostalProvider, mailing: Mailing, at: Instant) {
  const facts = await provider.ask(mailing.providerRef!)
  const about = facts.filter(({ providerRef }) => providerRef === mailing.providerRef)
  await recordFacts({ provider: provider.name, heardBy: 'asking', raw: JSON.stringify(about) }, about)
  await touch(mailing, { asked_at: at, answered_at: at })
}

/**
 * Stored under its hash and told to the letter's chain at once, so that whatever becomes of the provider's copy, ours can be shown to
 * be the one that was received then (rule 49).
 */
async function fetchProof(provider: PostalProvider, mailing: Mailing, kind: ProofKind): Promise<boolean> {
  const found = await provider.fetchProof(mailing.providerRef!, kind)
  if (!found) return false
  const file = await keepFile(found.bytes, found.mediaType)
  return keepProof(mailing, kind, file)
}

const touch = (mailing: Mailing, columns: Record<string, string>) =>
  transaction((trx) => trx.from('mailings').where('id', mailing.id).update(columns))
