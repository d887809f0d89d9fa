import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { civilDateAt, type CivilDate } from '#shared/clock'
import { frenchDate } from '#shared/french'
import { usableCodes } from '#letters/letter_codes'
import { NEVER_LEFT, NOT_IN_HAND } from '#registered_mail/states'

/** A letter on paper that its addressee has had, as far as its carrier says. */
export interface LetterInHand {
  id: number
  ref: string
  datedOn: CivilDate
  /** How it left, in words that the evidence file quotes. */
  posting: string
}

/**
 * The letters posted to a person whose codes still open something, the latest first. One that came back, or that
 * nobody fetched, tells nothing to who it was for.
 *
 * @param claimId one of that person's files
 */
export async function lettersInHand(client: QueryClientContract, claimId: number): Promise<LetterInHand[]> {
  const debtor = client.from('claims').where('id', claimId).select('debtor_id')
  const rows = await usableCodes(client)
    .join('letters', 'letters.id', 'letter_codes.letter_id')
    .join('claims', 'claims.id', 'letters.claim_id')
    .leftJoin('mailings', 'mailings.letter_id', 'letters.id')
    .where('claims.debtor_id', debtor)
    .where('letters.state', 'printed')
    .where((mailing) =>
      mailing.whereNull('mailings.id').orWhereNotIn('mailings.state', [...NOT_IN_HAND, ...NEVER_LEFT])
    )
    .orderBy('letters.id', 'desc')
    .select('letters.id', 'letters.ref', 'letters.kind', 'letters.dated_on')
    .select('letters.registered_number', 'letters.printed_at')
  return rows.map((row) => ({
    id: Number(row.id),
    ref: row.ref,
    datedOn: row.dated_on,
    posting: `${row.kind === 'lrar' ? 'lettre recommandée' : 'lettre simple'}${row.registered_number ? ` ${row.registered_number}` : ''}, partie le ${frenchDate(civilDateAt(row.printed_at))}`,
  }))
}
