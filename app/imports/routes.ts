import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'
import { MEGABYTE } from '#shared/uploads'
import { middleware } from '#start/kernel'

const Imports = () => import('#imports/controllers/imports_controller')
const Columns = () => import('#imports/controllers/columns_controller')
const Rows = () => import('#imports/controllers/rows_controller')
const RowDecisions = () => import('#imports/controllers/row_decisions_controller')
const AnnotatedSheets = () => import('#imports/controllers/annotated_sheets_controller')
const Templates = () => import('#imports/controllers/templates_controller')
const Commits = () => import('#imports/controllers/commits_controller')

/** Tables are small, uploads on a slow line are not. */
const UPLOAD = { maxBytes: 25 * MEGABYTE, maxFiles: 1 }

staffPages(['admin', 'collector', 'creditor'], () => {
  router.get('/imports', [Imports, 'index']).as('imports.index')
  router.get('/imports/create', [Imports, 'create']).as('imports.create')
  router.post('/imports', [Imports, 'store']).use(middleware.upload(UPLOAD)).as('imports.store')
  router.get('/imports/template.xlsx', [Templates, 'show']).as('imports.template')
  router.get('/imports/:ref', [Imports, 'show']).as('imports.show')
  router.delete('/imports/:ref', [Imports, 'destroy']).as('imports.destroy')
  router.get('/imports/:ref/columns', [Columns, 'edit']).as('imports.columns.edit')
  router.put('/imports/:ref/columns', [Columns, 'update']).as('imports.columns.update')
  router.put('/imports/:ref/rows/:row', [Rows, 'update']).as('imports.rows.update')
  router.post('/imports/:ref/rows/:row/decision', [RowDecisions, 'store']).as('imports.rows.decision.store')
  router
    .delete('/imports/:ref/rows/:row/decision', [RowDecisions, 'destroy'])
    .as('imports.rows.decision.destroy')
  router.get('/imports/:ref/table.xlsx', [AnnotatedSheets, 'show']).as('imports.table')
  router.get('/imports/:ref/commit', [Commits, 'create']).as('imports.commit.create')
  router.post('/imports/:ref/commit', [Commits, 'store']).as('imports.commit.store')
  router.delete('/imports/:ref/commit', [Commits, 'destroy']).as('imports.commit.destroy')
}).where('row', router.matchers.number())
