import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'
import { MEGABYTE } from '#shared/uploads'
import { middleware } from '#start/kernel'

const CreditorInvitations = () => import('#creditors/controllers/creditor_invitations_controller')
const CreditorUsers = () => import('#creditors/controllers/creditor_users_controller')
const Creditors = () => import('#creditors/controllers/creditors_controller')
const ContractTerms = () => import('#creditors/controllers/contract_terms_controller')
const Homes = () => import('#creditors/controllers/homes_controller')
const Mandates = () => import('#creditors/controllers/mandates_controller')
const OwnBankDetails = () => import('#creditors/controllers/own_bank_details_controller')
const OwnMandates = () => import('#creditors/controllers/own_mandates_controller')

staffPages(['admin', 'collector'], () => {
  router.get('/creditors/create', [Creditors, 'create']).as('creditors.create')
  router.post('/creditors', [Creditors, 'store']).as('creditors.store')
  router.get('/creditors/:ref/edit', [Creditors, 'edit']).as('creditors.edit')
  router.put('/creditors/:ref', [Creditors, 'update']).as('creditors.update')
  router.get('/creditors/:ref/mandates/create', [Mandates, 'create']).as('creditors.mandates.create')
  router
    .post('/creditors/:ref/mandates', [Mandates, 'store'])
    .as('creditors.mandates.store')
    .use(middleware.upload({ maxBytes: 12 * MEGABYTE, maxFiles: 1 }))
  router.get('/creditors/:ref/contract/edit', [ContractTerms, 'edit']).as('creditors.contract.edit')
  router.put('/creditors/:ref/contract', [ContractTerms, 'update']).as('creditors.contract.update')
  router.get('/creditors/:ref/users/create', [CreditorUsers, 'create']).as('creditors.users.create')
  router.post('/creditors/:ref/users', [CreditorUsers, 'store']).as('creditors.users.store')
  router
    .post('/creditors/:ref/users/:id/invitation', [CreditorInvitations, 'store'])
    .as('creditors.users.invitation.store')
}).where('id', router.matchers.number())

staffPages(['admin', 'collector', 'accountant'], () => {
  router.get('/creditors', [Creditors, 'index']).as('creditors.index')
  router.get('/creditors/:ref', [Creditors, 'show']).as('creditors.show')
  router.get('/creditors/:ref/mandates/:id', [Mandates, 'show']).as('creditors.mandates.show')
}).where('id', router.matchers.number())

staffPages(['creditor'], () => {
  router.get('/home', [Homes, 'show']).as('home.show')
  router.get('/home/bank', [OwnBankDetails, 'edit']).as('home.bank.edit')
  router.put('/home/bank', [OwnBankDetails, 'update']).as('home.bank.update')
  router.get('/home/mandates/:id', [OwnMandates, 'show']).as('home.mandates.show')
}).where('id', router.matchers.number())
