import router from '@adonisjs/core/services/router'
import { middleware } from '#start/kernel'
import type { Role } from '#users/models/user'

/** The middleware every page runs, in order. */
const pageStack = () => [
  middleware.session(),
  middleware.shield(),
  middleware.auth(),
  middleware.locale(),
  middleware.page(),
]

/** Public pages: sign-in, portal, first run. */
export function publicPages(declare: () => void) {
  return router.group(declare).use(pageStack())
}

/** Back-office pages for the given roles. */
export function staffPages(roles: Role[], declare: () => void) {
  return router.group(declare).use([...pageStack(), middleware.staff({ roles }), middleware.shell()])
}
