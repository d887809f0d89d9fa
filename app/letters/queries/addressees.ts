import db from '@adonisjs/lucid/services/db'
import type { LetterDebtor } from '#letters/letter_content'

/**
 * To whom letters already written were addressed: with the address in use when each was, whatever has
 * been corrected since. By the id of the letter.
 */
export async function loadAddressees(letterIds: readonly number[]): Promise<Map<number, LetterDebtor>> {
  const rows = await db
    .from('letters')
    .join('claims', 'claims.id', 'letters.claim_id')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .join('addresses', 'addresses.debtor_id', 'debtors.id')
    .whereIn('letters.id', [...letterIds])
    .orderBy('addresses.id')
    .select('letters.id', 'letters.rendered_at', 'debtors.kind', 'debtors.civility', 'debtors.full_name')
    .select('debtors.company_name', 'addresses.street', 'addresses.complement', 'addresses.postcode')
    .select('addresses.city', 'addresses.country', 'addresses.created_at', 'addresses.replaced_at')
  const byLetter = Map.groupBy(rows, ({ id }) => Number(id))
  return new Map([...byLetter].map(([id, known]) => [id, addresseeOf(known.findLast(inUse) ?? known[0])]))
}

const inUse = (row: { rendered_at: string; created_at: string; replaced_at: string | null }) =>
  row.created_at <= row.rendered_at && (!row.replaced_at || row.replaced_at > row.rendered_at)

interface Row extends Omit<LetterDebtor, 'fullName' | 'companyName' | 'address'> {
  full_name: string | null
  company_name: string | null
  street: string
  complement: string | null
  postcode: string
  city: string
  country: string
}

const addresseeOf = (row: Row): LetterDebtor => ({
  kind: row.kind,
  civility: row.civility,
  fullName: row.full_name,
  companyName: row.company_name,
  address: {
    street: row.street,
    complement: row.complement,
    postcode: row.postcode,
    city: row.city,
    country: row.country,
  },
})
