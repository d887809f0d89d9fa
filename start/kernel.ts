import router from '@adonisjs/core/services/router'
import server from '@adonisjs/core/services/server'

server.errorHandler(() => import('#exceptions/handler'))

server.use([
  () => import('#middleware/container_bindings_middleware'),
  () => import('#middleware/security_headers_middleware'),
  () => import('@adonisjs/static/static_middleware'),
  () => import('@adonisjs/vite/vite_middleware'),
])

router.use([
  () => import('@adonisjs/core/bodyparser_middleware'),
  () => import('#middleware/multipart_middleware'),
])

/**
 * Pages carry a session and shield; webhooks and health checks carry neither,
 * so that they stay fast and need no cookie.
 */
export const middleware = router.named({
  session: () => import('@adonisjs/session/session_middleware'),
  shield: () => import('@adonisjs/shield/shield_middleware'),
  auth: () => import('@adonisjs/auth/initialize_auth_middleware'),
  locale: () => import('#middleware/locale_middleware'),
  staff: () => import('#middleware/staff_middleware'),
  debtor: () => import('#middleware/debtor_middleware'),
  recipient: () => import('#middleware/recipient_middleware'),
  page: () => import('#middleware/page_middleware'),
  upload: () => import('#middleware/upload_middleware'),
  firstRun: () => import('#middleware/first_run_middleware'),
  shell: () => import('#middleware/shell_middleware'),
})
