import router from '@adonisjs/core/services/router'
import { publicPages } from '#shared/page_routes'
import { middleware } from '#start/kernel'

const Acceptances = () => import('#portal/ere/controllers/acceptances_controller')
const Acknowledgements = () => import('#portal/ere/controllers/acknowledgements_controller')
const Codes = () => import('#portal/ere/controllers/codes_controller')
const Contents = () => import('#portal/ere/controllers/contents_controller')
const Files = () => import('#portal/ere/controllers/files_controller')
const Identities = () => import('#portal/ere/controllers/identities_controller')
const Links = () => import('#portal/ere/controllers/links_controller')
const Refusals = () => import('#portal/ere/controllers/refusals_controller')
const Sendings = () => import('#portal/ere/controllers/sendings_controller')
const Signatures = () => import('#portal/ere/controllers/signatures_controller')
const Views = () => import('#portal/ere/controllers/views_controller')

publicPages(() => {
  router
    .group(() => {
      router.get('/', [Sendings, 'show']).as('show')
      router.delete('/', [Sendings, 'destroy']).as('destroy')
      router.post('code', [Codes, 'store']).as('code.store')
      router.post('identity', [Identities, 'store']).as('identity.store')
      router.post('acceptance', [Acceptances, 'store']).as('acceptance.store')
      router.post('refusal', [Refusals, 'store']).as('refusal.store')
      router.get('letter.pdf', [Contents, 'show']).as('letter.show')
      router.post('views', [Views, 'store']).as('view.store')
      router.post('signature', [Signatures, 'store']).as('signature.store')
      router.get('acknowledgement.pdf', [Acknowledgements, 'show']).as('acknowledgement.show')
      router.post('file', [Files, 'store']).as('file.store')
    })
    .prefix('ere')
    .as('ere')
    .use(middleware.recipient())

  /** Last: whatever is none of the pages above is a token, good or bad. */
  router.get('ere/:token', [Links, 'show']).as('ere.open')
})
