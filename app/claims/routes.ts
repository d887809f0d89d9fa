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
