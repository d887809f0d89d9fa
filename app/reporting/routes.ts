import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'

const AgendaController = () => import('#reporting/controllers/agenda_controller')
const HeldActionsController = () => import('#reporting/controllers/held_actions_controller')
const ClaimsController = () => import('#reporting/controllers/claims_controller')

staffPages(['admin', 'collector', 'accountant', 'creditor'], () => {
  router.get('/claims', [ClaimsController, 'index']).as('claims.index')
  router.get('/claims/:ref', [ClaimsController, 'show']).as('claims.show')
})

staffPages(['admin', 'collector', 'accountant'], () => {
  router.get('/', [AgendaController, 'index']).as('agenda.index')
  router.get('/agenda/held', [HeldActionsController, 'index']).as('agenda.held')
})
