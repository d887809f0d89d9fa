import type { HttpContext } from '@adonisjs/core/http'
import { readSignedEvent } from '#payments/signed_event'
import { recordStripeEvent, workStripeInboxSoon } from '#payments/inbox'

/** Stripe's webhook: recorded, answered, then worked. */
export default class StripeEventsController {
  async store({ request, response }: HttpContext) {
    const body = request.raw()
    const event = readSignedEvent(body, request.header('stripe-signature'))
    if (!event) return response.badRequest({ error: 'signature' })
    await recordStripeEvent(event, body!)
    response.onFinish(workStripeInboxSoon)
    return { received: true }
  }
}
