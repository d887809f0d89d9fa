import type { HttpContext } from '@adonisjs/core/http'
import Delivery from '#deliveries/models/delivery'
import { keptMessage } from '#deliveries/queries/kept_message'

/** The message byte for byte, whose SHA-256 the row keeps: what is shown to a judge. It holds the debtor's link. */
export default class MessageSourcesController {
  async show({ params, response }: HttpContext) {
    const delivery = await Delivery.query().where('id', params.id).where('channel', 'email').firstOrFail()
    const message = await keptMessage(delivery)
    if (!message) return response.notFound()
    response.header('Content-Type', 'message/rfc822')
    response.header('Content-Disposition', `attachment; filename="message-${delivery.id}.eml"`)
    return response.send(message.bytes)
  }
}
