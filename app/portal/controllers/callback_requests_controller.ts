import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { offeredSlots, type OfferedSlot } from '#claims/contact_slots'
import AskPerson from '#portal/actions/ask_person'
import { copySentTo } from '#portal/confirmations'
import { readablePhone, slotHoursKey } from '#portal/contact'
import { problemsOf, shareForm, type Problem } from '#portal/problems'
import { callbackRequest } from '#portal/validators'

const keyOf = ({ on, slot }: OfferedSlot) => `${on} ${slot}`

/** "Me rappeler". */
export default class CallbackRequestsController {
  create(ctx: HttpContext) {
    return this.#form(ctx, [])
  }

  async store(ctx: HttpContext) {
    const { i18n, portal, request, response } = ctx
    const [report, form] = await request.tryValidateUsing(callbackRequest)
    const offer = offeredSlots(clock.now()).find((one) => keyOf(one) === form?.slot)
    if (report) return this.#form(ctx, problemsOf(report))
    if (!offer) return this.#form(ctx, [{ field: 'slot', key: 'slot' }])

    await new AskPerson().handle({
      claim: portal.claim,
      request: {
        kind: 'callback',
        wantedOn: offer.on,
        slot: offer.slot,
        phone: form.phone,
        message: form.message ?? null,
      },
      email: form.email ?? null,
      locale: i18n.locale,
    })
    return response.redirect().status(303).toPath('/p/callback')
  }

  async show({ portal, response, view }: HttpContext) {
    const asked = await portal.requests('callback').first()
    if (!asked) return response.redirect().toPath('/p')
    return view.render('pages/portal/callback_sent', {
      asked,
      hours: slotHoursKey(asked.slot),
      phone: readablePhone(asked.phone!),
      copyTo: await copySentTo({ name: 'callback', id: asked.id }),
    })
  }

  #form(ctx: HttpContext, problems: Problem[]) {
    shareForm(ctx, problems)
    const slots = offeredSlots(clock.now()).map((offer) => ({
      ...offer,
      key: keyOf(offer),
      hours: slotHoursKey(offer.slot),
    }))
    return ctx.view.render('pages/portal/callback', { slots })
  }
}
