import type { I18n } from '@adonisjs/i18n'
import { formatEuros } from '#shared/money'
import { textOf } from '#shared/cells'
import type { Columns } from '#imports/checking/check_row'
import type { Field } from '#imports/fields'
import type ImportRow from '#imports/models/import_row'
import { frenchDate } from '#shared/written_date'
import type { Problem } from '#imports/problems'
import { findingMessage, findingsOf } from '#imports/summary'

/** The columns of the preview; each gathers the fields it speaks for. */
const SHOWN = {
  name: ['full_name', 'first_name', 'last_name', 'civility'],
  company: ['company_name', 'siren'],
  address: ['address', 'postcode', 'city', 'complement', 'country'],
  email: ['email'],
  mobile: ['mobile'],
  invoice: ['invoice_number', 'description', 'emitter', 'emitter_address'],
  issued: ['issued_on', 'due_on'],
  due: ['due_amount', 'amount', 'down_payment', 'currency'],
} as const satisfies Record<string, readonly Field[]>

type Shown = keyof typeof SHOWN

export type ShownCell = {
  name: Shown
  /** What will be used; '' when there is nothing. */
  now: string
  /** What the sheet says, when that was changed. */
  before: string | null
  errors: string[]
  notes: string[]
}

export type RowView = {
  row: number
  state: 'wrong' | 'aside' | 'merged' | 'changed' | 'noted' | 'ready'
  merged: boolean
  duplicate: string | null
  decision: ImportRow['decision']
  label: string
  cells: ShownCell[]
}

/** A row as the preview shows it: values that will be used, what they replace, and what is wrong. */
export function rowView(
  row: ImportRow,
  columns: Columns,
  mergedFiles: ReadonlySet<number>,
  i18n: I18n
): RowView {
  const problems = findingsOf(row, columns)
  const merged = row.outcome === 'ready' && mergedFiles.has(row.fileRow!)
  const say = (problem: Problem) => findingMessage(problem, i18n)
  const duplicate = problems.find(({ code }) => code === 'duplicate_invoice')
  return {
    row: row.row,
    merged,
    decision: row.decision,
    duplicate: duplicate ? say(duplicate) : null,
    label: row.companyName ?? row.fullName ?? textOf(row.cells[0]),
    state: stateOf(row, merged),
    cells: (Object.keys(SHOWN) as Shown[]).map((name) => {
      const fields: readonly Field[] = SHOWN[name]
      const own = problems.filter(({ field }) => fields.includes(field))
      const change = row.changes.find(({ field }) => fields.includes(field))
      const now = valueOf(row, name) || (own.length > 0 ? sheetText(row, columns, own[0]!.field) : '')
      return {
        name,
        now,
        before: change && change.before !== now ? change.before : null,
        errors: own.filter(({ level }) => level === 'error').map(say),
        notes: own.filter(({ level }) => level === 'warning').map(say),
      }
    }),
  }
}

function stateOf(row: ImportRow, merged: boolean): RowView['state'] {
  if (row.outcome === 'rejected') return 'wrong'
  if (row.outcome === 'set_aside') return 'aside'
  if (merged) return 'merged'
  if (row.changes.length > 0) return 'changed'
  return row.problems.length > 0 || row.duplicateOf !== null ? 'noted' : 'ready'
}

function valueOf(row: ImportRow, name: Shown): string {
  switch (name) {
    case 'name':
      return [row.civility, row.fullName].filter(Boolean).join(' ')
    case 'company':
      return [row.companyName, row.siren].filter(Boolean).join(' · ')
    case 'address':
      return [row.complement, row.street, [row.postcode, row.city].filter(Boolean).join(' ')]
        .filter(Boolean)
        .join(', ')
    case 'email':
      return row.email ?? ''
    case 'mobile':
      return row.mobile ?? ''
    case 'invoice':
      return row.invoiceNumber ?? ''
    case 'issued':
      return row.issuedOn ? frenchDate(row.issuedOn) : ''
    case 'due':
      return row.dueCents === null ? '' : formatEuros(row.dueCents)
  }
}

function sheetText(row: ImportRow, { mapping }: Columns, field: Field): string {
  const index = mapping[field]
  return index === undefined ? '' : textOf(row.cells[index]).slice(0, 200)
}

export type TypedField = { field: Field; label: string; value: string; errors: string[]; hint: string | null }

/** The fields of a row for its correction form: those that are wrong, then the others. */
export function typedFields(
  row: ImportRow,
  columns: Columns,
  i18n: I18n
): { wrong: TypedField[]; others: TypedField[] } {
  const fields = (Object.keys(columns.mapping) as Field[])
    .filter((field) => columns.mapping[field] !== undefined)
    .toSorted((a, b) => columns.mapping[a]! - columns.mapping[b]!)
    .map((field) => {
      const problems = row.problems.filter((problem) => problem.field === field)
      const typo = problems.find(({ code, hint }) => code === 'email_invalid' && hint)
      return {
        field,
        label: i18n.t(`imports.fields.${field}`),
        value: typedValue(row, columns, field),
        errors: problems.map((problem) => findingMessage(problem, i18n)),
        hint: typo?.hint ?? null,
      }
    })
  return {
    wrong: fields.filter(({ errors }) => errors.length > 0),
    others: fields.filter(({ errors }) => errors.length === 0),
  }
}

function typedValue(row: ImportRow, columns: Columns, field: Field): string {
  const cell = row.cells[columns.mapping[field]!] ?? null
  const text = String(cell ?? '')
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? frenchDate(text) : text
}
