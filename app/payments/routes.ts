import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'

const StripeEventsController = () => import('#payments/controllers/stripe_events_controller')
const PaymentsController = () => import('#payments/controllers/payments_controller')
const PaymentsExportController = () => import('#payments/controllers/payments_export_controller')
const ReceiptsController = () => import('#payments/controllers/receipts_controller')
const ReceiptDispatchesController = () => import('#payments/controllers/receipt_dispatches_controller')
const Retries = () => import('#payments/controllers/stripe_event_retries_controller')
const Dismissals = () => import('#payments/controllers/stripe_event_dismissals_controller')
const CreditorAccounts = () => import('#payments/controllers/creditor_accounts_controller')
const Onboardings = () => import('#payments/accounts/controllers/onboardings_controller')
const OnboardingReturns = () => import('#payments/accounts/controllers/onboarding_returns_controller')
const Assignments = () => import('#payments/controllers/stripe_event_assignments_controller')

/** No session and no CSRF: the sender's signature says who speaks. */
router.post('/webhooks/stripe', [StripeEventsController, 'store']).as('webhooks.stripe')

staffPages(['admin', 'collector', 'accountant', 'creditor'], () => {
  router.get('/payments', [PaymentsController, 'index']).as('payments.index')
  router.get('/payments.csv', [PaymentsExportController, 'show']).as('payments.export')
  router.get('/payments/:ref/receipt', [ReceiptsController, 'show']).as('payments.receipt.show')
})

staffPages(['admin', 'collector', 'accountant'], () => {
  router.get('/payments/create', [PaymentsController, 'create']).as('payments.create')
  router.post('/payments', [PaymentsController, 'store']).as('payments.store')
  router
    .post('/payments/:ref/receipt/dispatch', [ReceiptDispatchesController, 'store'])
    .as('payments.receipt.dispatch.store')
})

staffPages(['admin'], () => {
  router.get('/creditors/:ref/stripe/edit', [CreditorAccounts, 'edit']).as('creditors.stripe.edit')
  router.put('/creditors/:ref/stripe', [CreditorAccounts, 'update']).as('creditors.stripe.update')
  router.get('/creditors/:ref/stripe', [Onboardings, 'show']).as('creditors.stripe.show')
  router.post('/creditors/:ref/stripe', [Onboardings, 'store']).as('creditors.stripe.store')
  router.get('/creditors/:ref/stripe/return', [OnboardingReturns, 'show']).as('creditors.stripe.return.show')
})

staffPages(['creditor'], () => {
  router.get('/home/stripe', [Onboardings, 'show']).as('home.stripe.show')
  router.post('/home/stripe', [Onboardings, 'store']).as('home.stripe.store')
  router.get('/home/stripe/return', [OnboardingReturns, 'show']).as('home.stripe.return.show')
})

staffPages(['admin', 'accountant'], () => {
  for (const [verb, controller] of [
    ['retry', Retries],
    ['dismissal', Dismissals],
    ['assignment', Assignments],
  ] as const) {
    router
      .post(`/payments/events/:id/${verb}`, [controller, 'store'])
      .where('id', router.matchers.number())
      .as(`payments.events.${verb}.store`)
  }
})
