import router from '@adonisjs/core/services/router'
import { middleware } from '#start/kernel'
import type { Role } from '#users/models/user'

/** The middleware every page runs, in order: the shield refuses in the person's language. */
const pageStack = () => [
  middleware.session(),
  middleware.locale(),
  middleware.shield(),
  middleware.auth(),
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
