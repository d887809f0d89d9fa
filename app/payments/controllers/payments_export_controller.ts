import { Readable } from 'node:stream'
import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { readPaymentFilters } from '#payments/payment_filters'
import { paymentsCsv } from '#payments/payments_csv'
import { PaymentList } from '#payments/queries/payment_list'

/** What is filtered, as CSV, whatever its length. */
export default class PaymentsExportController {
  async show({ auth, request, response, i18n }: HttpContext) {
    const { filters } = await readPaymentFilters(request, auth.getUserOrFail())
    response.header('Content-Type', 'text/csv; charset=utf-8')
    response.header('Content-Disposition', `attachment; filename="encaissements-${clock.today()}.csv"`)
    return response.stream(Readable.from(paymentsCsv(new PaymentList(filters), i18n)))
  }
}
