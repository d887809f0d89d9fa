import type { I18n } from '@adonisjs/i18n'
import { toCsv } from '#shared/csv'
import { frenchDate } from '#shared/french'
import { formatDecimal } from '#shared/money'
import type { PaymentList, PaymentListItem } from '#payments/queries/payment_list'

const COLUMNS = [
  'ref',
  'received_on',
  'claim',
  'debtor',
  'creditor',
  'method',
  'destination',
  'amount',
  'principal',
  'interest',
  'indemnity',
  'suspense',
  'returned',
  'receipt',
  'note',
] as const

/** The list of payments as CSV text, in pieces, with the header first. */
export async function* paymentsCsv(list: PaymentList, i18n: I18n): AsyncGenerator<string> {
  yield toCsv([COLUMNS.map((column) => i18n.t(`payments.columns.${column}`))])
  for await (const items of list.slices()) {
    yield toCsv(
      items.map((item) => cells(item, i18n)),
      { header: false }
    )
  }
}

/** Spreadsheets read `1234,56` as a number. */
const amount = (cents: number) => formatDecimal(cents).replaceAll('\u202f', '')

function cells(item: PaymentListItem, i18n: I18n): string[] {
  return [
    item.ref,
    frenchDate(item.receivedOn),
    item.claim,
    item.debtor,
    item.creditor,
    i18n.t(`claims.method.${item.method}`),
    i18n.t(`payments.destinations.${item.destination}`),
    amount(item.amountCents),
    amount(item.principalCents),
    amount(item.interestCents),
    amount(item.indemnityCents),
    amount(item.suspenseCents),
    amount(item.returnedCents),
    item.receipt,
    item.note ?? '',
  ]
}
