import { readFile, stat } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import { storeFile } from '#shared/files'
import { refuseField } from '#shared/forms'
import { mediaTypeOf } from '#shared/media_type'
import { transaction } from '#shared/transaction'
import LetterTemplate from '#letters/models/letter_template'

/** Printed on every letter: a heavy image makes every PDF heavy. */
export const LOGO_MAX_BYTES = 512 * 1024

/** D5: the image that `#logo` prints. */
export default class TemplateLogosController {
  async update(ctx: HttpContext) {
    const { auth, params, request, response, session, i18n } = ctx
    const template = await LetterTemplate.findOrFail(params.id)
    const path = request.file('logo')?.tmpPath
    if (!path || (await stat(path)).size > LOGO_MAX_BYTES) {
      return refuseField(ctx, 'logo', 'templates.errors.logo')
    }
    const bytes = await readFile(path)
    const mediaType = mediaTypeOf(bytes)
    if (mediaType !== 'image/png' && mediaType !== 'image/jpeg') {
      return refuseField(ctx, 'logo', 'templates.errors.logo')
    }
    await transaction(async (trx) =>
      template.setLogo(await storeFile(trx, bytes, mediaType), auth.getUserOrFail(), trx)
    )
    session.flash('success', i18n.t('templates.flash.logo'))
    return response.redirect().toPath(`/letters/templates/${template.id}/draft`)
  }
}
