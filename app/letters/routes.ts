import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'

const LettersController = () => import('#letters/controllers/letters_controller')
const LetterFilesController = () => import('#letters/controllers/letter_files_controller')
const LetterPrintsController = () => import('#letters/controllers/letter_prints_controller')
const LetterDispatchesController = () => import('#letters/controllers/letter_dispatches_controller')
const StatementsController = () => import('#letters/controllers/statements_controller')
const StatementFilesController = () => import('#letters/controllers/statement_files_controller')
const LetterPreviewsController = () => import('#letters/controllers/letter_previews_controller')

staffPages(['admin', 'collector'], () => {
  router.get('/letters', [LettersController, 'index']).as('letters.index')
  router.post('/letters/prints', [LetterPrintsController, 'store']).as('letters.prints.store')
  router.post('/letters/dispatches', [LetterDispatchesController, 'store']).as('letters.dispatches.store')
  router.put('/letters/:ref/dispatch', [LetterDispatchesController, 'update']).as('letters.dispatch.update')
  router.get('/claims/:ref/letter-preview', [LetterPreviewsController, 'show']).as('letters.preview')
})

staffPages(['admin', 'collector', 'accountant', 'creditor'], () => {
  router.get('/claims/:ref/statement', [StatementsController, 'show']).as('claims.statement.show')
  router.get('/claims/:ref/statement.pdf', [StatementFilesController, 'show']).as('claims.statement.file')
})

staffPages(['admin', 'collector', 'accountant'], () => {
  router.get('/letters/:ref.pdf', [LetterFilesController, 'show']).as('letters.file')
  router
    .get('/letters/:ref', [LettersController, 'show'])
    .where('ref', { match: /^[^.]+$/ })
    .as('letters.show')
})
