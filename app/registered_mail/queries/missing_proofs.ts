import db from '@adonisjs/lucid/services/db'
import type { Instant } from '#shared/clock'
import { rowsOf } from '#shared/sql'
import Mailing from '#registered_mail/models/mailing'
import type { ProofKind } from '#registered_mail/providers/provider'

/** Proofs that a provider has announced and that are not stored yet. */
export const ANNOUNCED = `mailings m
  join mailing_facts f on f.provider = m.provider and f.provider_ref = m.provider_ref and f.proof is not null
  where m.provider <> 'manual'
    and not exists (select 1 from mailing_proofs p where p.mailing_id = m.id and p.kind = f.proof)`

/** Those not asked for since an instant, by mailing. */
export async function missingProofs(
  askedBefore: Instant,
  limit: number
): Promise<{ mailing: Mailing; kinds: ProofKind[] }[]> {
  const rows = await rowsOf<{ id: number; proof: ProofKind }>(
    db.connection(),
    `select distinct m.id, f.proof from ${ANNOUNCED}
     and (m.proofs_asked_at is null or m.proofs_asked_at <= :askedBefore)
     order by m.id, f.proof limit :limit`,
    { askedBefore, limit }
  )
  const kinds = Map.groupBy(rows, ({ id }) => Number(id))
  const mailings = await Mailing.query()
    .whereIn('id', [...kinds.keys()])
    .orderBy('id')
  return mailings.map((mailing) => ({
    mailing,
    kinds: kinds.get(mailing.id)!.map(({ proof }) => proof),
  }))
}
