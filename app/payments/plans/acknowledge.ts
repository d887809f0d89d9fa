import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { refreshLimitation } from '#claims/limitation_end'
import { acknowledgementSha256, type OwnEntry } from '#payments/plans/acknowledgement'
import Acknowledgement from '#payments/plans/models/acknowledgement'
import type Plan from '#payments/plans/models/plan'

/** What the debtor typed, and from where. */
export interface DebtorEntry {
  entry: OwnEntry
  ip: string | null
  userAgent: string | null
}

/** Writes the deed of a plan (C. civ. 1376), and the limitation period that it restarts (rule 38). */
export async function acknowledge(
  trx: TransactionClientContract,
  plan: Plan,
  text: string,
  { entry, ip, userAgent }: DebtorEntry
) {
  await Acknowledgement.create(
    {
      planId: plan.id,
      claimId: plan.claimId,
      typedFigures: entry.figures,
      typedWords: entry.words,
      text,
      textSha256: acknowledgementSha256(text, entry),
      ip,
      userAgent: userAgent?.slice(0, 1000) ?? null,
      createdAt: clock.now(),
    },
    { client: trx }
  )
  await refreshLimitation(trx, plan.claimId)
}
