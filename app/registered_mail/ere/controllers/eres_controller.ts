import { randomUUID } from 'node:crypto'
import type { HttpContext } from '@adonisjs/core/http'
import { findClaim } from '#claims/visible_claims'
import { ELECTRONIC_KINDS, type ElectronicKind } from '#letters/letter_content'
import { carrierOf } from '#registered_mail/carriers'
import { SendEre } from '#registered_mail/ere/actions/send_ere'
import { addresseesOf, ereTemplates } from '#registered_mail/ere/queries/recipients'
import { sentFlash } from '#registered_mail/ere/sent_flash'
import { ereForm, ereQuery } from '#registered_mail/ere/validators'

/** An LRE is offered once what carries it has its keys (rule 47: nothing of ours may stand in for it). */
const kindsToSend = () =>
  carrierOf('ar24').provider ? ELECTRONIC_KINDS : ELECTRONIC_KINDS.filter((one) => one !== 'lre')

const pathOf = (ref: string, kind: ElectronicKind) =>
  `/claims/${ref}/ere${kind === 'ere' ? '' : `?kind=${kind}`}`

/** D16: a letter sent electronically from a file's page, outside any campaign. */
export default class EresController {
  async create({ auth, params, request, view }: HttpContext) {
    const claim = await findClaim(auth.getUserOrFail(), params.ref)
    await claim.load('debtor')
    const { kind = 'ere' } = await ereQuery.validate(request.qs())
    return view.render('pages/eres/create', {
      claim,
      addressees: await addresseesOf(claim),
      kind,
      kinds: kindsToSend(),
      templates: await ereTemplates(claim, kind),
      key: randomUUID(),
    })
  }

  async store(ctx: HttpContext) {
    const { auth, params, request, response } = ctx
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const { kind = 'ere', email, template, key } = await request.validateUsing(ereForm)
    const order = { kind, claimId: claim.id, template, email, userId: by.id, requestKey: key }
    const sent = await new SendEre().handle(order)
    sentFlash(ctx, sent)
    return response
      .redirect()
      .toPath(sent.outcome === 'refused' ? pathOf(claim.ref, kind) : `/letters/${sent.letter.ref}`)
  }
}
