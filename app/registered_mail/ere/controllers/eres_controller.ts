import { randomUUID } from 'node:crypto'
import type { HttpContext } from '@adonisjs/core/http'
import { findClaim } from '#claims/visible_claims'
import { SendEre } from '#registered_mail/ere/actions/send_ere'
import { addresseesOf, ereTemplates } from '#registered_mail/ere/queries/recipients'
import { sentFlash } from '#registered_mail/ere/sent_flash'
import { ereForm } from '#registered_mail/ere/validators'

/** D16: a letter sent electronically from a file's page, outside any campaign. */
export default class EresController {
  async create({ auth, params, view }: HttpContext) {
    const claim = await findClaim(auth.getUserOrFail(), params.ref)
    await claim.load('debtor')
    return view.render('pages/eres/create', {
      claim,
      addressees: await addresseesOf(claim),
      templates: await ereTemplates(claim),
      key: randomUUID(),
    })
  }

  async store(ctx: HttpContext) {
    const { auth, params, request, response } = ctx
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const { email, template, key } = await request.validateUsing(ereForm)
    const order = { claimId: claim.id, template, email, userId: by.id, requestKey: key }
    const sent = await new SendEre().handle(order)
    sentFlash(ctx, sent)
    return response
      .redirect()
      .toPath(sent.outcome === 'refused' ? `/claims/${claim.ref}/ere` : `/letters/${sent.letter.ref}`)
  }
}
