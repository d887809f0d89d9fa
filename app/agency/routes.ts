import router from '@adonisjs/core/services/router'
import { publicPages, staffPages } from '#shared/page_routes'
import { MEGABYTE } from '#shared/uploads'
import { middleware } from '#start/kernel'

const Identities = () => import('#agency/controllers/identities_controller')
const LegalDocuments = () => import('#agency/controllers/legal_documents_controller')
const LegalStandings = () => import('#agency/controllers/legal_standings_controller')
const Policies = () => import('#agency/controllers/policies_controller')
const Settings = () => import('#agency/controllers/settings_controller')
const SetupAdmin = () => import('#agency/controllers/setup_admin_controller')
const SetupDone = () => import('#agency/controllers/setup_done_controller')
const SetupIdentity = () => import('#agency/controllers/setup_identity_controller')
const SetupLegal = () => import('#agency/controllers/setup_legal_controller')

publicPages(() => {
  router
    .group(() => {
      router.get('/setup', [SetupIdentity, 'edit']).as('setup.identity.edit')
      router.post('/setup', [SetupIdentity, 'update']).as('setup.identity.update')
      router.get('/setup/legal', [SetupLegal, 'edit']).as('setup.legal.edit')
      router.post('/setup/legal', [SetupLegal, 'update']).as('setup.legal.update')
      router.get('/setup/admin', [SetupAdmin, 'create']).as('setup.admin.create')
      router.post('/setup/admin', [SetupAdmin, 'store']).as('setup.admin.store')
    })
    .use(middleware.firstRun())
})

staffPages(['admin'], () => {
  router.get('/setup/done', [SetupDone, 'show']).as('setup.done')
  router.get('/settings', [Settings, 'show']).as('settings.show')
  router.get('/settings/identity', [Identities, 'edit']).as('settings.identity.edit')
  router.put('/settings/identity', [Identities, 'update']).as('settings.identity.update')
  router.get('/settings/legal', [LegalStandings, 'edit']).as('settings.legal.edit')
  router
    .put('/settings/legal', [LegalStandings, 'update'])
    .as('settings.legal.update')
    .use(middleware.upload({ maxBytes: 12 * MEGABYTE, maxFiles: 2 }))
  router
    .get('/settings/legal/:kind', [LegalDocuments, 'show'])
    .where('kind', /^(insurance|declaration)$/)
    .as('settings.legal.document')
  router.get('/settings/policies', [Policies, 'edit']).as('settings.policies.edit')
  router.put('/settings/policies', [Policies, 'update']).as('settings.policies.update')
})
