import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import type { CellValue } from '#shared/cells'
import type { Mapping } from '#imports/fields'
import { checkAmounts } from '#imports/checking/amounts'
import { checkContacts } from '#imports/checking/contacts'
import { checkDates } from '#imports/checking/dates'
import { checkDebtor } from '#imports/checking/debtor'
import { checkInvoice } from '#imports/checking/invoice'
import { Sheet } from '#imports/checking/sheet'
import { mergeKeys, personKey } from '#imports/checking/keys'
import type { Change, Problem } from '#imports/problems'
import type { Row } from '#imports/reader/rows'

/** The agency's choices (R16) and the day, which every check takes as given. */
export type CheckRules = {
  today: CivilDate
  emailRequired: boolean
  mobileRequired: boolean
  descriptionRequired: boolean
  defaultPaymentTermDays: number
  /** In a debtor's column it identifies nobody. */
  creditorSiren?: string | null
}

/** The columns of a table: what each is called in the sheet and what it holds. */
export type Columns = { headers: readonly string[]; mapping: Mapping; date1904: boolean }

export type CheckedRow = {
  outcome: 'ready' | 'rejected'
  problems: Problem[]
  changes: Change[]
  kind: 'b2b' | 'b2c' | null
  civility: string | null
  fullName: string | null
  companyName: string | null
  siren: string | null
  /** The same person across creditors, for the contact cap. */
  personKey: string | null
  /** The same debtor of this creditor: its rows make one file (R15). */
  mergeKey: string | null
  /** Of a row merged by its SIREN, its name and address: how a row without one joins it. */
  nameKey: string | null
  street: string | null
  complement: string | null
  postcode: string | null
  city: string | null
  email: string | null
  mobile: string | null
  invoiceNumber: string | null
  invoiceCount: number | null
  issuedOn: CivilDate | null
  dueOn: CivilDate | null
  description: string | null
  amountCents: Cents | null
  downPaymentCents: Cents | null
}

/**
 * Reads one row of a creditor's table: normalised values, what was changed, and why it may not
 * enter. What is owed is computed from the amount and the down payments; the sheet's own "due"
 * is only compared with it. Pure: the same cells, columns and rules give the same row.
 */
export function checkRow(
  cells: readonly CellValue[],
  columns: Columns,
  rules: CheckRules,
  { hidden }: Pick<Row, 'hidden'> = {}
): CheckedRow {
  const sheet = new Sheet(cells, columns)
  if (hidden) sheet.warn('invoice_number', 'row_hidden')
  const debtor = checkDebtor(sheet, rules)
  const contacts = checkContacts(sheet, rules)
  const invoice = checkInvoice(sheet, rules)
  const dates = checkDates(sheet, rules)
  const amounts = checkAmounts(sheet)
  const { problems, changes } = sheet
  const rejected = problems.some((problem) => problem.level === 'error')
  return {
    outcome: rejected ? 'rejected' : 'ready',
    // A row that does not enter is sent back for its errors alone.
    problems: rejected ? problems.filter((problem) => problem.level === 'error') : problems,
    changes,
    kind: debtor.kind,
    civility: debtor.civility,
    fullName: debtor.fullName,
    companyName: debtor.companyName,
    siren: debtor.siren,
    personKey: rejected ? null : personKey(debtor, contacts.email),
    ...(rejected ? { mergeKey: null, nameKey: null } : mergeKeys(debtor)),
    street: debtor.address?.street ?? null,
    complement: debtor.address?.complement ?? null,
    postcode: debtor.address?.postcode ?? null,
    city: debtor.address?.city ?? null,
    ...contacts,
    ...invoice,
    ...dates,
    ...amounts,
  }
}
