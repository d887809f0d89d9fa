import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { write } from '#shared/sql'

/**
 * C. civ. 1231-6: against a consumer interest runs from the formal notice, by default from the day
 * the registered letter was received or first presented (of a qualified electronic one, accepted or refused: that its
 * addressee was written to shows them nothing yet); the earliest of several, in whatever order
 * they are told. A file that was paid or closed meanwhile is not opened again by a date heard late.
 */
export const noticeReceived = (trx: TransactionClientContract, claimId: number) =>
  write(
    trx,
    `update claims set notice_received_on = (
       select min(m.first_presented_on) from mailings m join letters l on l.id = m.letter_id
       where l.claim_id = claims.id and m.kind in ('lrar', 'lre'))
     where id = :claim and status not in ('paid', 'closed')`,
    { claim: claimId }
  )
