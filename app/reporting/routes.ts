import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'

const ClaimsController = () => import('#reporting/controllers/claims_controller')

staffPages(['admin', 'collector', 'accountant', 'creditor'], () => {
  router.get('/claims', [ClaimsController, 'index']).as('claims.index')
  router.get('/claims/:ref', [ClaimsController, 'show']).as('claims.show')
})
