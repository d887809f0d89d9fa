import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'

const ClaimPlans = () => import('#payments/plans/controllers/claim_plans_controller')
const Offers = () => import('#payments/plans/controllers/offers_controller')
const Plans = () => import('#payments/plans/controllers/plans_controller')
const PlanAcceptances = () => import('#payments/plans/controllers/plan_acceptances_controller')
const PlanCancellations = () => import('#payments/plans/controllers/plan_cancellations_controller')
const PlanRefusals = () => import('#payments/plans/controllers/plan_refusals_controller')
const Promises = () => import('#payments/plans/controllers/promises_controller')

staffPages(['admin', 'collector', 'accountant', 'creditor'], () => {
  router.get('/payments/plans', [Plans, 'index']).as('payments.plans.index')
})

staffPages(['admin', 'collector'], () => {
  router.get('/claims/:ref/plan/new', [ClaimPlans, 'create']).as('claims.plan.create')
  router.post('/claims/:ref/plan', [ClaimPlans, 'store']).as('claims.plan.store')
  router.post('/claims/:ref/plan/acceptance', [PlanAcceptances, 'store']).as('claims.plan.acceptance.store')
  router.post('/claims/:ref/plan/refusal', [PlanRefusals, 'store']).as('claims.plan.refusal.store')
  router
    .post('/claims/:ref/plan/cancellation', [PlanCancellations, 'store'])
    .as('claims.plan.cancellation.store')
  router.post('/claims/:ref/promise', [Promises, 'store']).as('claims.promise.store')
  router.delete('/claims/:ref/promise', [Promises, 'destroy']).as('claims.promise.destroy')
  router.post('/claims/:ref/offer', [Offers, 'store']).as('claims.offer.store')
  router.delete('/claims/:ref/offer', [Offers, 'destroy']).as('claims.offer.destroy')
})
