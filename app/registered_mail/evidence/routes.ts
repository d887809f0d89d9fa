import router from '@adonisjs/core/services/router'
import { publicPages } from '#shared/page_routes'
import { LARGEST_BUNDLE } from '#registered_mail/evidence/verification/read_bundle'
import { middleware } from '#start/kernel'

const VerificationsController = () => import('#registered_mail/evidence/controllers/verifications_controller')

publicPages(() => {
  router.get('/verify', [VerificationsController, 'create']).as('verify.create')
  router
    .post('/verify', [VerificationsController, 'store'])
    .as('verify.store')
    .use(middleware.upload({ maxBytes: LARGEST_BUNDLE, maxFiles: 1 }))
})
