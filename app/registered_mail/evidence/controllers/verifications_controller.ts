import { readFile } from 'node:fs/promises'
import type { MultipartFile } from '@adonisjs/core/bodyparser'
import type { HttpContext } from '@adonisjs/core/http'
import { refuseField } from '#shared/forms'
import { installationTrust } from '#registered_mail/evidence/verification/installation_trust'
import { VerificationLimit } from '#registered_mail/evidence/verification/limit'
import { verifyApart } from '#registered_mail/evidence/verification/verify_apart'

/** The public check of a bundle: it is read in memory, told in words, and not kept. */
export default class VerificationsController {
  create({ view }: HttpContext) {
    return view.render('pages/registered_mail/verify')
  }

  async store(ctx: HttpContext) {
    const { request, response, view } = ctx
    const file = (request.allFiles() as { bundle?: MultipartFile }).bundle
    if (!file?.tmpPath) return refuseField(ctx, 'bundle', 'verify.errors.file')
    if (!(await new VerificationLimit(request.ip()).take())) {
      return refuseField(ctx, 'bundle', 'verify.errors.too_many')
    }
    const report = await verifyApart(await readFile(file.tmpPath), await installationTrust())
    if (typeof report === 'string') return refuseField(ctx, 'bundle', `verify.errors.${report}`)
    response.header('cache-control', 'no-store')
    return view.render('pages/registered_mail/verified', { report })
  }
}
