import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { readUpload, UploadRefused, type UploadLimits } from '#shared/uploads'

/**
 * Multipart bodies are read on the routes that declare `middleware.upload({ … })`
 * and refused everywhere else, before anything looks into them. Runs ahead of
 * the route's own stack because the CSRF token is one of the fields.
 */
export default class MultipartMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    if (!ctx.request.is(['multipart'])) return next()
    const { response } = ctx
    response.header('Connection', 'close')

    const limits = uploadLimits(ctx)
    if (!limits) throw new UploadRefused('This address takes no files', { status: 415 })

    const { fields, files, discard } = await readUpload(ctx.request.request, limits)
    ctx.request.setInitialBody({ ...fields, ...files })
    Object.assign(ctx.request, { __raw_files: files })
    response.removeHeader('Connection')
    try {
      return await next()
    } finally {
      await discard()
    }
  }
}

/** A stored middleware keeps what it was declared with, though its type says a list. */
function uploadLimits(ctx: HttpContext): UploadLimits | null {
  for (const declared of ctx.route?.middleware.all() ?? []) {
    if ('name' in declared && declared.name === 'upload') {
      return (declared as { args?: unknown }).args as UploadLimits
    }
  }
  return null
}
