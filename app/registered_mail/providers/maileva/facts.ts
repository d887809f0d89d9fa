import { objectsIn, isJson, textOf, type Json } from '#shared/http'
import { providerInstant } from '#registered_mail/providers/instants'
import type { MailingState, ProofKind, ProviderFact } from '#registered_mail/providers/provider'
import {
  DELIVERY_STATES,
  LP_STATES,
  SENDING_STATES,
  UNDELIVERED_REASONS,
} from '#registered_mail/providers/maileva/statuses'

interface Told {
  /** What tells this fact from the others of its letter. */
  key: string
  state?: MailingState | null
  proof?: ProofKind
  at?: unknown
  reason?: string | null
  registeredNumber?: string | null
}

export const factOf = (sendingId: string, told: Told): ProviderFact => ({
  providerRef: sendingId,
  factKey: `${sendingId}:${told.key}`,
  state: told.state ?? null,
  proof: told.proof ?? null,
  at: providerInstant(told.at),
  registeredNumber: told.registeredNumber ?? null,
  reason: told.reason?.slice(0, 180) ?? null,
})

/** What a sending and its one recipient say now, as they are described in registered_mail v4 (mail v2 has fewer fields). */
export function factsOf(sendingId: string, sending: Json, recipient: Json | null): ProviderFact[] {
  const registeredNumber = textOf(recipient?.registered_number)
  const told = [
    ...statusesOf(sending, recipient),
    ...(recipient ? [...deliveriesOf(recipient), ...proofsOf(recipient, sending)] : []),
  ]
  const facts = new Map(
    told.map((one) => [one.key, factOf(sendingId, { ...one, registeredNumber })] as const)
  )
  return [...facts.values()]
}

/** The recipient's own status, where it has one, tells what became of a sending « with errors ». */
function statusesOf(sending: Json, recipient: Json | null): Told[] {
  const own = textOf(recipient?.status)
  const isFine = own === 'PROCESSED' || own === 'ACCEPTED' || own === 'PREPARING'
  const history = objectsIn(sending.statuses).map(({ code, date }) => ({ code: textOf(code), date }))
  const dated = (status: string, otherwise: unknown) =>
    history.findLast(({ code }) => code === status)?.date ?? otherwise
  return [
    ...history.map(({ code, date }) => ({ code, at: date, detail: null })),
    {
      code: textOf(sending.status),
      at: dated(textOf(sending.status) ?? '', sending.processed_date),
      detail: textOf(sending.status_detail),
    },
    ...(own ? [{ code: own, at: dated(own, null), detail: textOf(recipient!.status_detail) }] : []),
  ]
    .filter(({ code }) => !(code === 'PROCESSED_WITH_ERRORS' && isFine))
    .flatMap(({ code, at, detail }) => statusTold(code, at, detail))
}

/** A sending's status as a fact: none when it says nothing; BLOCKED (no credit) says why it does not go on. */
export function statusTold(code: string | null, at: unknown, detail: string | null): Told[] {
  if (code === 'BLOCKED') return [{ key: 'status:BLOCKED', at, reason: 'BLOCKED' }]
  if (!code || !Object.hasOwn(SENDING_STATES, code)) return []
  const state = SENDING_STATES[code]!
  return [
    { key: `status:${code}`, state, at, reason: state === 'provider_rejected' ? (detail ?? code) : null },
  ]
}

function deliveriesOf(recipient: Json): Told[] {
  const main = [...objectsIn(recipient.main_delivery_statuses)]
  if (isJson(recipient.last_main_delivery_status)) main.push(recipient.last_main_delivery_status)
  const reason = textOf(recipient.undelivered_mail_reason)
  return [
    ...main.flatMap(({ category, code, date }) => mainTold(textOf(category), textOf(code), date)),
    ...objectsIn(recipient.delivery_statuses).flatMap(({ code, status, date }) =>
      lpTold(textOf(code) ?? textOf(status), date)
    ),
    ...lpTold(textOf(recipient.last_delivery_status), recipient.last_delivery_status_date),
    ...(reason ? [undelivered(reason, recipient.undelivered_mail_date)] : []),
  ]
}

function mainTold(category: string | null, code: string | null, at: unknown): Told[] {
  if (!category) return []
  if (category === 'UNDELIVERED') return code ? lpTold(code, at) : []
  if (!Object.hasOwn(DELIVERY_STATES, category)) return []
  return [{ key: `delivery:${category}`, state: DELIVERY_STATES[category]!, at }]
}

function lpTold(code: string | null, at: unknown): Told[] {
  if (!code) return []
  if (Object.hasOwn(UNDELIVERED_REASONS, code)) return [undelivered(code, at)]
  if (!Object.hasOwn(LP_STATES, code)) return []
  const state = LP_STATES[code]!
  const isReturn = state === 'unclaimed' || state === 'refused' || state === 'undeliverable'
  return [{ key: `lp:${code}`, state, at, reason: isReturn ? code : null }]
}

export const undelivered = (reason: string, at: unknown): Told => ({
  key: `undelivered:${reason}`,
  state: Object.hasOwn(UNDELIVERED_REASONS, reason) ? UNDELIVERED_REASONS[reason]! : null,
  at,
  reason,
})

/** « Attendre que cet attribut soit renseigné »: a proof is there once its address is. */
function proofsOf(recipient: Json, sending: Json): Told[] {
  const told: Told[] = []
  if (recipient.deposit_proof_url || recipient.global_deposit_proof_id || sending.deposit_proof_url) {
    const at = recipient.deposit_proof_date ?? sending.deposit_proof_date
    told.push({ key: 'proof:deposit', proof: 'deposit', state: 'handed_over', at })
  }
  if (recipient.content_proof_url) {
    told.push({ key: 'proof:content', proof: 'content', at: recipient.content_proof_date })
  }
  if (recipient.acknowledgement_of_receipt_url) {
    const at = recipient.acknowledgement_of_receipt_date
    told.push({ key: 'proof:receipt', proof: 'receipt', state: 'delivered_signed', at })
  }
  if (recipient.undelivered_mail_url) {
    told.push({ key: 'proof:returned_mail', proof: 'returned_mail', at: recipient.undelivered_mail_date })
  }
  return told
}
