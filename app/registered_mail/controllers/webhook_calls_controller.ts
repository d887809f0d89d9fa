import type { HttpContext } from '@adonisjs/core/http'
import { carrierOf } from '#registered_mail/carriers'
import { recordFacts, workMailingFactsSoon } from '#registered_mail/inbox'

/** Far above what a provider sends, far below what would fill a disk. */
const LONGEST_BODY = 256 * 1024

/** Each with the status that it takes for "heard". */
const PROVIDERS = {
  '/webhooks/merci-facteur': { name: 'merci_facteur', heard: 200 },
  '/webhooks/maileva': { name: 'maileva', heard: 201 },
  '/webhooks/ar24': { name: 'ar24', heard: 200 },
} as const

/** A provider's webhook: recorded, answered, then worked. What is not theirs leaves no row. */
export default class WebhookCallsController {
  async store({ request, response, route }: HttpContext) {
    const { name, heard } = PROVIDERS[route!.pattern as keyof typeof PROVIDERS]
    const { webhook } = carrierOf(name)
    const body = Buffer.from(request.raw() ?? '')
    if (body.byteLength > LONGEST_BODY) return response.status(413).send({ error: 'too_large' })
    const headers = request.headers() as Record<string, string | undefined>
    if (!webhook?.isAuthentic(headers, body, request.qs())) {
      return response.badRequest({ error: 'signature' })
    }
    const facts = webhook.facts(body, request.header('content-type'))
    await recordFacts({ provider: name, heardBy: 'webhook', raw: body.toString() }, facts)
    response.onFinish(workMailingFactsSoon)
    return response.status(heard).send({ received: true })
  }
}
