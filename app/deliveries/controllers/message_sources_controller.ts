import type { HttpContext } from '@adonisjs/core/http'
import Delivery from '#deliveries/models/delivery'
import { keptMessage } from '#deliveries/queries/kept_message'

/** How the bytes that left are called, by channel; a letter's are its PDF, an attachment. */
const SOURCES = {
  email: { mediaType: 'message/rfc822', extension: 'eml' },
  sms: { mediaType: 'application/json', extension: 'json' },
}

/** The message byte for byte, whose SHA-256 the row keeps: what is shown to a judge. It holds the debtor's link. */
export default class MessageSourcesController {
  async show({ params, response }: HttpContext) {
    const delivery = await Delivery.query()
      .where('id', params.id)
      .whereIn('channel', Object.keys(SOURCES))
      .firstOrFail()
    const message = await keptMessage(delivery)
    if (!message) return response.notFound()
    const { mediaType, extension } = SOURCES[delivery.channel as keyof typeof SOURCES]
    response.header('Content-Type', mediaType)
    response.header('Content-Disposition', `attachment; filename="message-${delivery.id}.${extension}"`)
    return response.send(message.bytes)
  }
}
