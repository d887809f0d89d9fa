import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'
import { MEGABYTE } from '#shared/uploads'
import { middleware } from '#start/kernel'

const Remittances = () => import('#banking/remittances/controllers/remittances_controller')
const TransferOrders = () => import('#banking/remittances/controllers/transfer_orders_controller')
const Payments = () => import('#banking/remittances/controllers/remittance_payments_controller')
const Cancellations = () => import('#banking/remittances/controllers/remittance_cancellations_controller')
const Refusals = () => import('#banking/remittances/controllers/transfer_refusals_controller')
const StatusReports = () => import('#banking/remittances/controllers/status_reports_controller')
const LineInvoices = () => import('#banking/fees/line_invoices_controller')
const LineRemittances = () => import('#banking/remittances/controllers/line_remittances_controller')
const Statements = () => import('#banking/remittances/controllers/remittance_statements_controller')
const FeeInvoices = () => import('#banking/remittances/controllers/fee_invoices_controller')
const Obligations = () => import('#banking/remittances/controllers/obligations_controller')
const FeeSettlements = () => import('#banking/fees/fee_settlements_controller')
const FeeQuotes = () => import('#banking/fees/fee_quotes_controller')
const HeldFunds = () => import('#banking/funds/controllers/held_funds_controller')
const AccountBalances = () => import('#banking/funds/controllers/account_balances_controller')
const AccountingExports = () => import('#banking/accounting/controllers/accounting_exports_controller')
const FeeWithdrawals = () => import('#banking/funds/controllers/fee_withdrawals_controller')

staffPages(['admin', 'accountant'], () => {
  router.post('/remittances', [Remittances, 'store']).as('remittances.store')
  router.post('/remittances/orders', [TransferOrders, 'store']).as('remittances.orders.store')
  router.get('/remittances/orders/:ref', [TransferOrders, 'show']).as('remittances.orders.show')
  router.post('/remittances/:ref/payment', [Payments, 'store']).as('remittances.payment.store')
  router.post('/remittances/:ref/cancellation', [Cancellations, 'store']).as('remittances.cancellation.store')
  router
    .post('/remittances/:ref/invoice/settlement', [FeeSettlements, 'store'])
    .as('remittances.invoice.settlement.store')
  router
    .delete('/remittances/:ref/invoice/settlement', [FeeSettlements, 'destroy'])
    .as('remittances.invoice.settlement.destroy')
  router.post('/remittances/:ref/refusal', [Refusals, 'store']).as('remittances.refusal.store')
  router
    .post('/remittances/orders/reports', [StatusReports, 'store'])
    .use(middleware.upload({ maxBytes: 5 * MEGABYTE, maxFiles: 1 }))
    .as('remittances.reports.store')
  router
    .post('/payments/lines/:id/remittance', [LineRemittances, 'store'])
    .where('id', router.matchers.number())
    .as('bank_lines.remittance.store')
  router
    .post('/payments/lines/:id/invoice', [LineInvoices, 'store'])
    .where('id', router.matchers.number())
    .as('bank_lines.invoice.store')
  router.get('/accounting', [AccountingExports, 'index']).as('accounting.index')
  router.post('/accounting', [AccountingExports, 'store']).as('accounting.store')
  router.get('/obligations', [Obligations, 'index']).as('obligations.index')
  router.get('/funds', [HeldFunds, 'show']).as('funds.show')
  router.post('/funds/balances', [AccountBalances, 'store']).as('funds.balances.store')
  router.post('/funds/withdrawals', [FeeWithdrawals, 'store']).as('funds.withdrawals.store')
})

staffPages(['admin', 'accountant', 'creditor'], () => {
  router.get('/remittances', [Remittances, 'index']).as('remittances.index')
  router.get('/remittances/:ref', [Remittances, 'show']).as('remittances.show')
  router.get('/remittances/:ref/statement', [Statements, 'show']).as('remittances.statement.show')
  router.get('/remittances/:ref/invoice', [FeeInvoices, 'show']).as('remittances.invoice.show')
})

staffPages(['admin', 'collector', 'accountant'], () => {
  router.get('/creditors/:ref/fees', [FeeQuotes, 'show']).as('creditors.fees.show')
})
