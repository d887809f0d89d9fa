import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'
import { MEGABYTE } from '#shared/uploads'
import { middleware } from '#start/kernel'

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
const DocumentsController = () => import('#claims/controllers/documents_controller')
const AddressesController = () => import('#claims/controllers/addresses_controller')
const ContactsController = () => import('#claims/controllers/contacts_controller')
const PausesController = () => import('#claims/controllers/pauses_controller')
const CreditNotes = () => import('#claims/controllers/credit_notes_controller')
const CreditNoteCancellations = () => import('#claims/controllers/credit_note_cancellations_controller')
const Interruptions = () => import('#claims/controllers/interruptions_controller')
const InterruptionCancellations = () => import('#claims/controllers/interruption_cancellations_controller')
const GracePeriods = () => import('#claims/controllers/grace_periods_controller')
const GraceCancellations = () => import('#claims/controllers/grace_cancellations_controller')
const ClosuresController = () => import('#claims/controllers/closures_controller')

staffPages(['admin', 'collector', 'accountant', 'creditor'], () => {
  router.get('/claims.csv', [ClaimsExportController, 'show']).as('claims.export')
  router
    .get('/claims/:ref/documents/:id', [DocumentsController, 'show'])
    .where('id', router.matchers.number())
    .as('claims.documents.show')
})

staffPages(['admin', 'collector'], () => {
  router.post('/claims/:ref/pause', [PausesController, 'store']).as('claims.pause.store')
  router.delete('/claims/:ref/pause', [PausesController, 'destroy']).as('claims.pause.destroy')
  router.put('/claims/:ref/address', [AddressesController, 'update']).as('claims.address.update')
  router.post('/claims/:ref/contacts', [ContactsController, 'store']).as('claims.contacts.store')
  for (const [noun, controller, cancellations] of [
    ['interruptions', Interruptions, InterruptionCancellations],
    ['grace', GracePeriods, GraceCancellations],
  ] as const) {
    router
      .post(`/claims/:ref/${noun}`, [controller, 'store'])
      .use(middleware.upload({ maxBytes: 16 * MEGABYTE, maxFiles: 1 }))
      .as(`claims.${noun}.store`)
    router
      .post(`/claims/:ref/${noun}/:id/cancellation`, [cancellations, 'store'])
      .where('id', router.matchers.number())
      .as(`claims.${noun}.cancellation.store`)
  }
})

staffPages(['admin', 'collector', 'creditor'], () => {
  router.post('/claims/:ref/closure', [ClosuresController, 'store']).as('claims.closure.store')
  router.post('/claims/:ref/credit-notes', [CreditNotes, 'store']).as('claims.credit_notes.store')
  router
    .post('/claims/:ref/credit-notes/:id/cancellation', [CreditNoteCancellations, 'store'])
    .where('id', router.matchers.number())
    .as('claims.credit_notes.cancellation.store')
  router
    .post('/claims/:ref/documents', [DocumentsController, 'store'])
    .use(middleware.upload({ maxBytes: 40 * MEGABYTE, maxFiles: 10 }))
    .as('claims.documents.store')
})
