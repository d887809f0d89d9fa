import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'
import { MEGABYTE } from '#shared/uploads'
import { middleware } from '#start/kernel'

const LetterFilesController = () => import('#letters/controllers/letter_files_controller')
const LetterBatchesController = () => import('#letters/controllers/letter_batches_controller')
const LetterBatchFilesController = () => import('#letters/controllers/letter_batch_files_controller')
const LetterBatchArchivesController = () => import('#letters/controllers/letter_batch_archives_controller')
const LetterDispatchesController = () => import('#letters/controllers/letter_dispatches_controller')
const StatementsController = () => import('#letters/controllers/statements_controller')
const StatementFilesController = () => import('#letters/controllers/statement_files_controller')
const LetterPreviewsController = () => import('#letters/controllers/letter_previews_controller')
const TemplatesController = () => import('#letters/controllers/templates_controller')
const TemplateDraftsController = () => import('#letters/controllers/template_drafts_controller')
const TemplateLintsController = () => import('#letters/controllers/template_lints_controller')
const TemplateLogosController = () => import('#letters/controllers/template_logos_controller')
const TemplatePreviewsController = () => import('#letters/controllers/template_previews_controller')
const TemplatePublicationsController = () => import('#letters/controllers/template_publications_controller')
const TemplateTagsController = () => import('#letters/controllers/template_tags_controller')
const TemplateVersionsController = () => import('#letters/controllers/template_versions_controller')

/** Before `/letters/:ref`, which would take them for a letter. */
staffPages(['admin', 'collector'], () => {
  router.get('/letters/templates', [TemplatesController, 'index']).as('templates.index')
  router.get('/letters/templates/create', [TemplatesController, 'create']).as('templates.create')
  router.post('/letters/templates', [TemplatesController, 'store']).as('templates.store')
  router.get('/letters/templates/tags', [TemplateTagsController, 'index']).as('templates.tags.index')
  router.get('/letters/templates/:id', [TemplatesController, 'show']).as('templates.show')
  router.get('/letters/templates/:id/draft', [TemplateDraftsController, 'edit']).as('templates.draft.edit')
  router
    .put('/letters/templates/:id/draft', [TemplateDraftsController, 'update'])
    .as('templates.draft.update')
  router
    .delete('/letters/templates/:id/draft', [TemplateDraftsController, 'destroy'])
    .as('templates.draft.destroy')
  router.post('/letters/templates/:id/lint', [TemplateLintsController, 'store']).as('templates.lint.store')
  router
    .put('/letters/templates/:id/logo', [TemplateLogosController, 'update'])
    .as('templates.logo.update')
    .use(middleware.upload({ maxBytes: 2 * MEGABYTE, maxFiles: 1 }))
  router
    .post('/letters/templates/:id/publication', [TemplatePublicationsController, 'store'])
    .as('templates.publication.store')
  router
    .get('/letters/templates/:id/preview', [TemplatePreviewsController, 'show'])
    .as('templates.preview.show')
  router
    .get('/letters/templates/:id/versions/:number', [TemplateVersionsController, 'show'])
    .as('templates.versions.show')
    .where('number', router.matchers.number())
}).where('id', router.matchers.number())

staffPages(['admin', 'collector'], () => {
  router.get('/letters/batches', [LetterBatchesController, 'index']).as('letters.batches.index')
  router.post('/letters/batches', [LetterBatchesController, 'store']).as('letters.batches.store')
  router.get('/letters/batches/:ref.pdf', [LetterBatchFilesController, 'show']).as('letters.batches.file')
  router
    .get('/letters/batches/:ref.zip', [LetterBatchArchivesController, 'show'])
    .as('letters.batches.archive')
  router
    .get('/letters/batches/:ref', [LetterBatchesController, 'show'])
    .where('ref', { match: /^[^.]+$/ })
    .as('letters.batches.show')
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
})
