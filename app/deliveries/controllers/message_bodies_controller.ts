import type { HttpContext } from '@adonisjs/core/http'
import Delivery from '#deliveries/models/delivery'
import { keptMessage, withoutLinks } from '#deliveries/queries/kept_message'

/**
 * Its own policy: the inline style an email needs, and nothing else. No script,
 * no form, no request to anywhere; sandboxed, so that no link of a debtor is
 * followed from here.
 */
const POLICY = [
  `default-src 'none'`,
  `style-src 'unsafe-inline'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'self'`,
  'sandbox',
].join('; ')

/** The HTML part of a message, for the frame that shows it. */
export default class MessageBodiesController {
  async show({ auth, params, response }: HttpContext) {
    const delivery = await Delivery.findOrFail(params.id)
    const message = await keptMessage(delivery)
    if (!message?.html) return response.notFound()
    const isAdmin = auth.getUserOrFail().role === 'admin'
    response.header('Content-Security-Policy', POLICY)
    response.header('Content-Type', 'text/html; charset=utf-8')
    return response.send(isAdmin ? message.html : withoutLinks(message.html))
  }
}
