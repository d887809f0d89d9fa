import { plainWords } from '#shared/cells'

export const CSV_FIELDS = [
  'value_date',
  'date',
  'debit',
  'credit',
  'direction',
  'balance',
  'amount',
  'currency',
  'counterparty_iban',
  'account',
  'end_to_end',
  'counterparty',
  'reference',
  'operation',
  'label',
] as const
export type CsvField = (typeof CSV_FIELDS)[number]

/** Where each field stands; a bank may spread the label over several columns. */
export type CsvColumns = Partial<Record<Exclude<CsvField, 'label'>, number>> & { label: number[] }

/** Words of French banks' exports, and a few English ones, folded; the first that fits wins. */
const WORDINGS: [CsvField, RegExp][] = [
  ['value_date', /\b(?:date )?(?:de )?valeur\b|^value date$/],
  [
    'date',
    /^(?:date|jour)$|^date (?:d |de )?(?:l )?(?:ope\w*|compta\w*|ecriture|mouvement|transaction|comptabilisation)\b|^(?:booking|transaction) date$/,
  ],
  ['balance', /\bsolde\b|^balance$/],
  ['debit', /^(?:montant )?(?:au )?debits?\b/],
  ['credit', /^(?:montant )?(?:au )?credits?\b/],
  ['direction', /^sens\b|^debit ou credit$|^d ?c$|^credit debit$/],
  ['amount', /^montants?\b|^amount\b|^valeur en euros?$/],
  ['currency', /^(?:code )?(?:devise|monnaie)\b|^currency$/],
  [
    'counterparty_iban',
    /^(?:iban|compte|n compte) (?:de )?(?:la |du |l )?(?:contrepartie|tiers|emetteur|debiteur|donneur|payeur|beneficiaire)\b/,
  ],
  ['account', /^(?:n |numero |no )?(?:de |du )?compte\b|^iban\b|^account\b/],
  ['end_to_end', /\bend to end\b|\be2e\b|\bbout en bout\b/],
  [
    'counterparty',
    /^(?:nom )?(?:de )?(?:la |du |l )?(?:contrepartie|tiers|emetteur|debiteur|donneur d ordre|payeur|beneficiaire)\b|^counterparty$|^payer$/,
  ],
  ['reference', /^ref(?:erence)?s?\b|^numero d operation$/],
  ['operation', /^(?:type|categorie|code|nature)\b/],
  [
    'label',
    /^libelles?\b|^intitule\b|^motif\b|^communication\b|^(?:informations? )?(?:complementaires?|details?)\b|^description$|^operations?$|^label$|^objet\b|^commentaires?$|^message$/,
  ],
]

/**
 * Which column holds which field, from a row of headers.
 *
 * @returns null when it does not tell both when and how much
 */
export function csvColumns(headers: readonly (string | null)[]): CsvColumns | null {
  const columns: CsvColumns = { label: [] }
  for (const [index, header] of headers.entries()) {
    const words = plainWords((header ?? '').replace(/\([^)]*\)/g, ' '))
    const field = words && WORDINGS.find(([, pattern]) => pattern.test(words))?.[0]
    if (!field) continue
    if (field === 'label') columns.label.push(index)
    else columns[field] ??= index
  }
  columns.date ??= columns.value_date
  const tellsAmount =
    columns.amount !== undefined || (columns.debit !== undefined && columns.credit !== undefined)
  return columns.date !== undefined && tellsAmount ? columns : null
}
