import { factOf, WORKED_TYPES, type Fact } from '#payments/facts'
import type { StripeGateway } from '#payments/gateway'

/** An event as it is kept; a thin one has a `related_object` instead of its data. */
export type KeptEvent = {
  type: string
  created: number | string
  /** The creditor's own account it happened on: nothing of ours. */
  account?: string
  data?: { object?: Named }
  related_object?: Named | null
}

type Named = { id?: string; [field: string]: unknown }

/** The kinds of object we work, with what an event must say of them. */
const KINDS = [
  { kind: 'session', prefix: 'checkout.session.', essential: ['payment_status'] },
  { kind: 'intent', prefix: 'payment_intent.', essential: ['currency'] },
  { kind: 'dispute', prefix: 'charge.dispute.', essential: ['payment_intent', 'amount'] },
  { kind: 'charge', prefix: 'charge.', essential: ['payment_intent', 'amount_refunded'] },
  { kind: 'refund', prefix: 'refund.', essential: ['payment_intent'] },
] as const

export type ObjectKind = (typeof KINDS)[number]['kind']

/** What may change how a creditor's own account stands, after which Stripe is asked. */
const ACCOUNT_TYPES: readonly string[] = [
  'account.updated',
  'account.application.authorized',
  'account.application.deauthorized',
  'capability.updated',
]

/** The account that an event is about, when it may have changed. */
export const accountOf = ({ type, account }: KeptEvent): string | null =>
  typeof account === 'string' && ACCOUNT_TYPES.includes(type) ? account : null

/**
 * The fact of an event, with its object in full: some only name it (thin events), and other versions
 * of the API leave out what ours says, so that the gateway is asked.
 *
 * @returns null for what does not concern us, `incomplete` when neither the event nor the gateway says enough
 * @throws on an event that names no object
 */
export async function readFact(
  event: KeptEvent,
  gateway: StripeGateway | null
): Promise<Fact | 'incomplete' | null> {
  // What a creditor sells or receives on its own account is not ours to post, whatever it is named after.
  if (event.account) return null
  const type = String(event.type).replace(/^v1\./, '')
  const kind = WORKED_TYPES.includes(type) && KINDS.find(({ prefix }) => type.startsWith(prefix))
  if (!kind) return null
  const said = event.data?.object ?? event.related_object ?? {}
  const isFull = kind.essential.every((field) => said[field] !== undefined)
  if (isFull) return factOf({ type, created: secondsOf(event.created), data: { object: said } })
  if (!said.id) throw new Error(`${type} names no object`)
  const answer = await gateway?.object(kind.kind, said.id)
  if (!answer?.ok) return 'incomplete'
  return factOf({ type, created: secondsOf(event.created), data: { object: answer.value } })
}

/** Unix seconds, or the text that thin events have instead. */
const secondsOf = (created: number | string) =>
  typeof created === 'number' ? created : Math.floor(Date.parse(created) / 1000)
