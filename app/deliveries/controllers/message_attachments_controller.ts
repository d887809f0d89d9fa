import type { HttpContext } from '@adonisjs/core/http'
import Delivery from '#deliveries/models/delivery'
import { keptMessage } from '#deliveries/queries/kept_message'

/** One file that left with a message, named by its content, to save. */
export default class MessageAttachmentsController {
  async show({ params, response }: HttpContext) {
    const delivery = await Delivery.findOrFail(params.id)
    const message = await keptMessage(delivery)
    const attachment = message?.attachments.find(({ sha256 }) => sha256 === params.sha256)
    if (!attachment) return response.notFound()
    const name = encodeURIComponent(attachment.name)
    response.header('Content-Type', attachment.mediaType)
    response.header('Content-Disposition', `attachment; filename*=UTF-8''${name}`)
    return response.send(attachment.bytes)
  }
}
