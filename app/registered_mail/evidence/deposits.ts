import type { QueryClientContract } from '@adonisjs/lucid/types/database'

/** What the deposit of a letter says of it: who to whom, how long, which file. */
export interface Deposit {
  letterId: number
  creditor: { name: string; addressLines: string[] }
  recipient: { name: string; addressLines: string[] }
  pages: number
  bytes: number
  renderedSha256: string
}

const LETTERS_AT_ONCE = 500

/** Those of the letters that have their PDF and are of that kind, in their order. */
export async function depositsOf(
  client: QueryClientContract,
  letterIds: readonly number[],
  kind: string
): Promise<Deposit[]> {
  const deposits: Deposit[] = []
  for (let at = 0; at < letterIds.length; at += LETTERS_AT_ONCE) {
    const rows = await client
      .from('letters as l')
      .join('claims as c', 'c.id', 'l.claim_id')
      .join('debtors as d', 'd.id', 'c.debtor_id')
      .join('creditors as k', 'k.id', 'c.creditor_id')
      .join('stored_files as f', 'f.sha256', 'l.file_sha256')
      .leftJoin('addresses as a', (join) => join.on('a.debtor_id', 'd.id').andOnNull('a.replaced_at'))
      .whereIn('l.id', letterIds.slice(at, at + LETTERS_AT_ONCE))
      .where('l.kind', kind)
      .orderBy('l.id')
      .select('l.id', 'l.pages', 'l.file_sha256', 'f.bytes', 'k.name as creditor', 'k.address_lines')
      .select(
        'd.company_name',
        'd.full_name',
        'a.street',
        'a.complement',
        'a.postcode',
        'a.city',
        'a.country'
      )
    deposits.push(...rows.map(depositOf))
  }
  return deposits
}

function depositOf(row: Record<string, string | null>): Deposit {
  const city = row.postcode ? `${row.postcode} ${row.city}` : null
  const country = row.country && row.country !== 'FR' ? row.country : null
  return {
    letterId: Number(row.id),
    creditor: { name: row.creditor!, addressLines: JSON.parse(row.address_lines ?? '[]') },
    recipient: {
      name: row.company_name ?? row.full_name!,
      addressLines: [
        row.company_name ? row.full_name : null,
        row.complement ?? null,
        row.street ?? null,
        city,
        country,
      ].flatMap((line) => line || []),
    },
    pages: Number(row.pages),
    bytes: Number(row.bytes),
    renderedSha256: row.file_sha256!,
  }
}
