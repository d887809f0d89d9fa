import { objectsIn, textOf } from '#shared/http'
import { ProviderUnavailable } from '#registered_mail/providers/provider'
import { isRefusal } from '#deliveries/drivers/refusal'
import {
  MailevaClient,
  type MailevaAnswer,
  type MailevaSettings,
} from '#registered_mail/providers/maileva/client'

const PATH = '/notification_center/v2/subscriptions'

/** What the notification center tells of each resource, as far as it is read here. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  'registered_mail/v4/sendings': [
    'ON_STATUS_ACCEPTED',
    'ON_STATUS_REJECTED',
    'ON_STATUS_PROCESSED',
    'ON_STATUS_PROCESSED_WITH_ERRORS',
    'ON_DEPOSIT_PROOF_RECEIVED',
  ],
  'registered_mail/v4/recipients': [
    'ON_CONTENT_PROOF_RECEIVED',
    'ON_ACKNOWLEDGEMENT_OF_RECEIPT_RECEIVED',
    'ON_UNDELIVERED_MAIL_RECEIVED',
    'ON_MAIN_DELIVERY_STATUS_FIRST_PRESENTATION',
    'ON_MAIN_DELIVERY_STATUS_DELIVERED',
    'ON_MAIN_DELIVERY_STATUS_UNDELIVERED',
  ],
  'mail/v2/sendings': ['ON_STATUS_ACCEPTED', 'ON_STATUS_REJECTED', 'ON_STATUS_PROCESSED'],
}

/**
 * Asks Maileva to call an address of ours at each event, where it does not yet. Which resource an
 * event is told of (the sending or its recipient) is described for some of them only;
 * the others are assumed to be the recipient's, and one that is refused is named in the answer.
 *
 * @throws ProviderUnavailable when it cannot be asked
 */
export async function subscribe(
  settings: MailevaSettings,
  callbackUrl: string,
  credentials: { login: string; password: string },
  timeoutMs = 20_000
): Promise<{ made: string[]; refused: string[] }> {
  const client = new MailevaClient(settings, timeoutMs)
  const known = await subscriptions(client)
  const made: string[] = []
  const refused: string[] = []
  for (const [resourceType, events] of Object.entries(WANTED)) {
    for (const eventType of events) {
      const name = `${resourceType} ${eventType}`
      if (known.has(`${name} ${callbackUrl}`)) continue
      const json = {
        event_type: eventType,
        resource_type: resourceType,
        callback_url: callbackUrl,
        authentication: { basic: credentials },
      }
      const answer = await client.call({ method: 'POST', path: PATH, json })
      if (answer.kind === 'done') made.push(name)
      else if (answer.kind === 'declined') refused.push(`${name}: ${answer.said}`)
      else throw new ProviderUnavailable(reasonOf(answer))
    }
  }
  return { made, refused }
}

async function subscriptions(client: MailevaClient): Promise<Set<string>> {
  const query = { start_index: '1', count: '500' }
  const answer = await client.call({ method: 'GET', path: PATH, query })
  if (answer.kind !== 'done') throw new ProviderUnavailable(reasonOf(answer))
  return new Set(
    objectsIn(answer.body?.subscriptions).map((one) =>
      [one.resource_type, one.event_type, one.callback_url].map(textOf).join(' ')
    )
  )
}

function reasonOf(answer: MailevaAnswer): string {
  if (isRefusal(answer)) return answer.reason
  return answer.kind === 'declined' ? answer.said : answer.kind
}
