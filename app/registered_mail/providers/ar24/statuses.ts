import type { Instant } from '#shared/clock'
import { textOf, type Json } from '#shared/http'
import { providerInstant } from '#registered_mail/providers/instants'
import type { MailingState, ProofKind, ProviderFact } from '#registered_mail/providers/provider'

/** `status` of a registered mail, with what dates it. `error` is a failure of theirs: nothing was sent, nor charged. */
const STATUSES: Readonly<Record<string, { state: MailingState; dated: string }>> = {
  to_valid: { state: 'provider_accepted', dated: 'date' },
  waiting: { state: 'provider_accepted', dated: 'date' },
  sent: { state: 'sent', dated: 'ts_ev_date' },
  AR: { state: 'delivered_signed', dated: 'view_date' },
  refused: { state: 'refused', dated: 'refused_date' },
  negligence: { state: 'unclaimed', dated: 'negligence_date' },
  bounced: { state: 'notification_failed', dated: 'bounced_date' },
  error: { state: 'provider_rejected', dated: 'date' },
}

/** Each proof by the field that says where it is, and what it proves the moment of. */
export const PROOFS = {
  deposit: { url: 'proof_dp_url', dated: 'date' },
  dispatch: { url: 'proof_ev_url', dated: 'ts_ev_date' },
  receipt: { url: 'proof_ar_url', dated: 'view_date' },
  refusal: { url: 'proof_rf_url', dated: 'refused_date' },
  non_claim: { url: 'proof_ng_url', dated: 'negligence_date' },
  bounce: { url: 'proof_bc_url', dated: 'bounced_date' },
} as const satisfies Partial<Record<ProofKind, { url: string; dated: string }>>

export const isAr24Proof = (kind: ProofKind): kind is keyof typeof PROOFS => Object.hasOwn(PROOFS, kind)

/** All that AR24 says of one letter: that it was sent, where it stands, and the proofs that are there. */
export function factsIn(mail: Json): ProviderFact[] {
  const id = textOf(mail.id)
  if (!id) return []
  const fact = (key: string, values: Partial<ProviderFact>): ProviderFact => ({
    providerRef: id,
    factKey: `${id}:${key}`,
    state: null,
    proof: null,
    at: null,
    registeredNumber: null,
    reason: null,
    ...values,
  })
  const status = textOf(mail.status) ?? ''
  const known = Object.hasOwn(STATUSES, status) ? STATUSES[status]! : null
  const sentAt = instantIn(mail.ts_ev_date)
  const proofs = Object.entries(PROOFS).filter(([, { url }]) => textOf(mail[url]))
  return [
    ...(sentAt && status !== 'sent' ? [fact('sent', { state: 'sent', at: sentAt })] : []),
    ...(known
      ? [
          fact(status, {
            state: known.state,
            at: instantIn(mail[known.dated]),
            reason: ['bounced', 'error'].includes(status) ? status : null,
          }),
        ]
      : []),
    ...proofs.map(([kind, { dated }]) =>
      fact(`proof:${kind}`, { proof: kind as ProofKind, at: instantIn(mail[dated]) })
    ),
  ]
}

/** `2017-11-15 18:13:01`, Paris time; what has not happened is empty or all zeros. */
export function instantIn(value: unknown): Instant | null {
  const text = textOf(value)
  return text && !text.startsWith('0000') ? providerInstant(text.replace(' ', 'T')) : null
}
