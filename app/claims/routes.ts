import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'

const DisputeResolutions = () => import('#claims/controllers/dispute_resolutions_controller')
const RequestHandlings = () => import('#claims/controllers/request_handlings_controller')

staffPages(['admin', 'collector'], () => {
  router
    .post('claims/:ref/disputes/:id/resolution', [DisputeResolutions, 'store'])
    .where('id', router.matchers.number())
    .as('claims.disputes.resolution.store')
  router
    .post('claims/:ref/requests/:id/handling', [RequestHandlings, 'store'])
    .where('id', router.matchers.number())
    .as('claims.requests.handling.store')
})

const ClaimsExportController = () => import('#claims/controllers/claims_export_controller')
const PausesController = () => import('#claims/controllers/pauses_controller')
const ClosuresController = () => import('#claims/controllers/closures_controller')

staffPages(['admin', 'collector', 'accountant', 'creditor'], () => {
  router.get('/claims.csv', [ClaimsExportController, 'show']).as('claims.export')
})

staffPages(['admin', 'collector'], () => {
  router.post('/claims/:ref/pause', [PausesController, 'store']).as('claims.pause.store')
  router.delete('/claims/:ref/pause', [PausesController, 'destroy']).as('claims.pause.destroy')
})

staffPages(['admin', 'collector', 'creditor'], () => {
  router.post('/claims/:ref/closure', [ClosuresController, 'store']).as('claims.closure.store')
})
