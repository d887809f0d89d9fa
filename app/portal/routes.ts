import router from '@adonisjs/core/services/router'
import { publicPages } from '#shared/page_routes'
import { MEGABYTE } from '#shared/uploads'
import { middleware } from '#start/kernel'
import { MOST_BYTES_PER_FILE, MOST_FILES } from '#portal/evidence'

const CallbackRequests = () => import('#portal/controllers/callback_requests_controller')
const Disputes = () => import('#portal/controllers/disputes_controller')
const Documents = () => import('#portal/controllers/documents_controller')
const Files = () => import('#portal/controllers/files_controller')
const Letters = () => import('#portal/controllers/letters_controller')
const Links = () => import('#portal/controllers/links_controller')
const Notices = () => import('#portal/controllers/notices_controller')
const Payments = () => import('#portal/controllers/payments_controller')
const Plans = () => import('#portal/controllers/plans_controller')
const PlanAcceptances = () => import('#portal/controllers/plan_acceptances_controller')
const PlanRefusals = () => import('#portal/controllers/plan_refusals_controller')
const PlanCards = () => import('#portal/controllers/plan_cards_controller')
const PlanPayments = () => import('#portal/controllers/plan_payments_controller')
const Receipts = () => import('#portal/controllers/receipts_controller')
const Statements = () => import('#portal/controllers/statements_controller')
const TimeRequests = () => import('#portal/controllers/time_requests_controller')
const Transfers = () => import('#portal/controllers/transfers_controller')

const uploadLimits = { maxBytes: MOST_FILES * MOST_BYTES_PER_FILE + MEGABYTE, maxFiles: MOST_FILES }

publicPages(() => {
  router
    .group(() => {
      router.get('/', [Files, 'show']).as('show')
      router.delete('/', [Files, 'destroy']).as('destroy')

      router.get('statement', [Statements, 'show']).as('statement.show')

      router.get('payment', [Payments, 'show']).as('payment.show')
      router.post('payment', [Payments, 'store']).as('payment.store')
      router.get('transfer', [Transfers, 'show']).as('transfer.show')

      router.get('plan', [Plans, 'show']).as('plan.show')
      router.get('plan/new', [Plans, 'create']).as('plan.create')
      router.post('plan', [Plans, 'store']).as('plan.store')
      router.get('plan/card', [PlanCards, 'show']).as('plan.card.show')
      router.post('plan/card', [PlanCards, 'store']).as('plan.card.store')
      router.post('plan/acceptance', [PlanAcceptances, 'store']).as('plan.acceptance.store')
      router.post('plan/refusal', [PlanRefusals, 'store']).as('plan.refusal.store')
      router.post('plan/payment', [PlanPayments, 'store']).as('plan.payment.store')

      router.get('time', [TimeRequests, 'show']).as('time.show')
      router.get('time/new', [TimeRequests, 'create']).as('time.create')
      router.post('time', [TimeRequests, 'store']).as('time.store')

      router.get('callback', [CallbackRequests, 'show']).as('callback.show')
      router.get('callback/new', [CallbackRequests, 'create']).as('callback.create')
      router.post('callback', [CallbackRequests, 'store']).as('callback.store')

      router.get('dispute', [Disputes, 'show']).as('dispute.show')
      router.get('dispute/new', [Disputes, 'create']).as('dispute.create')
      router.post('dispute', [Disputes, 'store']).use(middleware.upload(uploadLimits)).as('dispute.store')

      router.get('letters/:ref', [Letters, 'show']).as('letters.show')
      router.get('receipts/:number', [Receipts, 'show']).as('receipts.show')
      router
        .get('documents/:id', [Documents, 'show'])
        .where('id', router.matchers.number())
        .as('documents.show')
    })
    .prefix('p')
    .as('portal')
    .use(middleware.debtor())

  router.get('p/accessibility', [Notices, 'show']).as('portal.accessibility')
  /** Last: whatever is none of the pages above is a token, good or bad. */
  router.get('p/:token', [Links, 'show']).as('portal.open')
})
