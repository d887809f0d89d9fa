import type { HttpContext } from '@adonisjs/core/http'
import { FRAMED_HTML_POLICY } from '#shared/framed_html'
import Delivery from '#deliveries/models/delivery'
import { keptMessage, withoutLinks } from '#deliveries/queries/kept_message'

/** The HTML part of a message, for the frame that shows it. */
export default class MessageBodiesController {
  async show({ auth, params, response }: HttpContext) {
    const delivery = await Delivery.findOrFail(params.id)
    const message = await keptMessage(delivery)
    if (!message?.html) return response.notFound()
    const isAdmin = auth.getUserOrFail().role === 'admin'
    response.header('Content-Security-Policy', FRAMED_HTML_POLICY)
    response.header('Content-Type', 'text/html; charset=utf-8')
    return response.send(isAdmin ? message.html : withoutLinks(message.html))
  }
}
