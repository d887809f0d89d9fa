import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import type { UploadLimits } from '#shared/uploads'

/**
 * Declares that a route takes files, and how much; `#middleware/multipart_middleware`
 * reads the declaration and the body before the page's stack runs.
 */
export default class UploadMiddleware {
  handle(_: HttpContext, next: NextFn, _limits: UploadLimits) {
    return next()
  }
}
