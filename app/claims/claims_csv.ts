import type { I18n } from '@adonisjs/i18n'
import { toCsv } from '#shared/csv'
import { frenchDate } from '#shared/french'
import { formatDecimal } from '#shared/money'
import type { ClaimList, ClaimListItem } from '#claims/queries/claim_list'

const COLUMNS = [
  'ref',
  'status',
  'creditor',
  'debtor',
  'kind',
  'invoices',
  'oldest_due',
  'days_overdue',
  'unpaid',
  'principal',
  'paid',
  'option',
  'plan',
] as const

/** The list of claims as CSV text, in pieces, with the header first. */
export async function* claimsCsv(list: ClaimList, i18n: I18n): AsyncGenerator<string> {
  yield toCsv([COLUMNS.map((column) => i18n.t(`claims.columns.${column}`))])
  for await (const items of list.slices()) {
    yield toCsv(
      items.map((item) => cells(item, i18n)),
      { header: false }
    )
  }
}

/** Spreadsheets read `1234,56` as a number, and no space that only looks like one. */
const amount = (cents: number) => formatDecimal(cents).replaceAll('\u202f', '').replace('−', '-')

function cells(item: ClaimListItem, i18n: I18n): (string | number)[] {
  return [
    item.ref,
    i18n.t(`claims.status.${item.status}`),
    item.creditor,
    item.debtor,
    i18n.t(`claims.kind.${item.kind}`),
    item.invoices,
    frenchDate(item.oldestDueOn),
    item.daysOverdue,
    amount(item.dueCents),
    amount(item.principalCents),
    amount(item.paidCents),
    i18n.t(`claims.option.${item.option}`),
    item.plan ? i18n.t(`claims.plan.${item.plan.state}`, item.plan) : '',
  ]
}
