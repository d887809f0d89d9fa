import type { Outcome } from '#deliveries/drivers/driver'
import { ask, isJson, MAX_DOCUMENT_BYTES, textOf, type Json } from '#shared/http'
import { ProviderUnavailable } from '#registered_mail/providers/provider'
import { proofDocument } from '#registered_mail/providers/proof_document'
import type { PostalOrder, PostalProvider, ProofKind } from '#registered_mail/providers/provider'
import { isRefusal, type Refusal } from '#deliveries/drivers/refusal'
import {
  Ar24Client,
  reasonOf,
  type Ar24Answer,
  type Ar24Settings,
} from '#registered_mail/providers/ar24/client'
import { mailForm } from '#registered_mail/providers/ar24/mail_form'
import { sentBefore } from '#registered_mail/providers/ar24/sent_mails'
import { factsIn, isAr24Proof, PROOFS } from '#registered_mail/providers/ar24/statuses'

/** All the requests of a letter end well inside a lease. */
const TIMEOUTS_MS = { read: 15_000, attachment: 30_000, mail: 60_000 }

/**
 * AR24: qualified electronic registered letters (eIDAS article 44, CPCE L100). It has no idempotency key: before a
 * letter is sent it is looked for by its reference, after a lost answer at once and before every later attempt, and
 * none of those is made before AR24's own time limit of five minutes has passed, when a request that was lost on
 * the way can no longer be at work. That is what makes `keyed` honest (rule 51).
 */
export class Ar24 implements PostalProvider {
  readonly name = 'ar24'
  readonly kinds = ['lre'] as const
  readonly keyed = true
  readonly settlesInMinutes = 6
  readonly #client: Ar24Client

  constructor(
    private readonly settings: Ar24Settings,
    private readonly timeoutsMs = TIMEOUTS_MS
  ) {
    this.#client = new Ar24Client(settings, timeoutsMs.read)
  }

  async submit(order: PostalOrder, mayLeave: () => boolean): Promise<Outcome> {
    const form = mailForm(order, this.settings)
    if (typeof form === 'string') return { kind: 'permanent', reason: form }
    const before = await this.#sentBefore(order)
    if (before !== null)
      return typeof before === 'string' ? { kind: 'sent', providerRef: before } : nothingLeft(before)
    const identity = await this.#client.identity()
    if (identity !== null && typeof identity !== 'string') return nothingLeft(identity)
    const attachment = await this.#attach(order)
    if (typeof attachment !== 'string') return attachment

    const fields = { ...form, 'attachment[0]': attachment, ...(identity ? { otp_hash: identity } : {}) }
    const answer = await this.#client.call({
      method: 'POST',
      path: '/mail',
      fields,
      timeoutMs: this.timeoutsMs.mail,
      mayLeave,
    })
    return this.#outcome(answer, order, identity)
  }

  async #outcome(answer: Ar24Answer, order: PostalOrder, identity: string | null): Promise<Outcome> {
    if (answer.kind === 'withheld') return answer
    if (answer.kind === 'declined') {
      if (identity && /^authentication_/.test(answer.slug)) this.#client.forgetIdentity(identity)
      return { kind: outcomeKind(answer.slug), reason: answer.said }
    }
    if (answer.kind !== 'done' && answer.kind !== 'unanswered') return answer
    const id = answer.kind === 'done' && isJson(answer.result) ? textOf(answer.result.id) : null
    if (id) return { kind: 'sent', providerRef: id }
    // It may have been taken: its list says so at once, or before the next attempt.
    const found = await this.#sentBefore(order)
    if (typeof found === 'string') return { kind: 'sent', providerRef: found }
    return { kind: 'unanswered', reason: reasonOf(answer) }
  }

  /** @throws ProviderUnavailable when it cannot be asked */
  async ask(providerRef: string) {
    return factsIn(await this.#mail(providerRef))
  }

  /**
   * The proof as AR24 serves it, from its own address alone: what an answer names elsewhere is not fetched.
   *
   * @throws ProviderUnavailable when it cannot be asked, or gives something that is no proof
   */
  async fetchProof(providerRef: string, proof: ProofKind) {
    if (!isAr24Proof(proof)) return null
    const url = textOf((await this.#mail(providerRef))[PROOFS[proof].url])
    if (!url) return null
    const { origin } = new URL(this.settings.apiBase)
    if (!URL.canParse(url) || new URL(url).origin !== origin) {
      throw new ProviderUnavailable('a proof that is not at the address of AR24')
    }
    const timeoutMs = this.timeoutsMs.attachment
    const answer = await ask({ method: 'GET', url, headers: {}, timeoutMs, maxBytes: MAX_DOCUMENT_BYTES })
    if (answer.kind === 'failed') throw new ProviderUnavailable(answer.reason)
    if (answer.status === 404) return null
    const document = answer.status === 200 ? proofDocument(answer.bytes) : null
    if (!document) throw new ProviderUnavailable(`a proof that is no PDF (${answer.status})`)
    return document
  }

  /** Reads the account, and shows a code where the account needs one. */
  async test(): Promise<{ ok: true; account: string } | { ok: false; reason: string }> {
    const { userId } = this.settings
    const answer = await this.#read('/user', { id_user: userId })
    if (answer.kind !== 'done' || !isJson(answer.result)) return { ok: false, reason: reasonOf(answer) }
    const identity = await this.#client.identity()
    if (identity !== null && typeof identity !== 'string') return { ok: false, reason: identity.reason }
    const { company, name, email } = answer.result
    return { ok: true, account: textOf(company) ?? textOf(name) ?? textOf(email) ?? userId }
  }

  async #attach(order: PostalOrder): Promise<string | Refusal> {
    const answer = await this.#client.call({
      method: 'POST',
      path: '/attachment',
      fields: { id_user: this.settings.userId, file_name: `${order.reference}.pdf` },
      file: { name: `${order.reference}.pdf`, bytes: order.pdf },
      timeoutMs: this.timeoutsMs.attachment,
    })
    const id = answer.kind === 'done' && isJson(answer.result) ? textOf(answer.result.file_id) : null
    if (id) return id
    if (answer.kind === 'declined')
      return { kind: outcomeKind(answer.slug), reason: `the document: ${answer.said}` }
    return isRefusal(answer)
      ? nothingLeft(answer)
      : { kind: 'temporary', reason: 'the document: no id in the answer' }
  }

  async #mail(id: string): Promise<Json> {
    const answer = await this.#read('/mail', { id })
    if (answer.kind === 'done' && isJson(answer.result) && textOf(answer.result.id) === id)
      return answer.result
    throw new ProviderUnavailable(reasonOf(answer))
  }

  #read(path: string, fields: Record<string, string>): Promise<Ar24Answer> {
    return this.#client.call({ method: 'GET', path, fields })
  }

  #sentBefore(order: PostalOrder) {
    return sentBefore(this.#client, this.settings.userId, order)
  }
}

/** Before the request that sends, a lost answer loses nothing. */
const nothingLeft = (refusal: Refusal): Refusal =>
  refusal.kind === 'unanswered' ? { ...refusal, kind: 'temporary' } : refusal

/** A refusal that is about the account or our settings is not the letter's fault. */
function outcomeKind(slug: string): 'unreachable' | 'temporary' | 'permanent' {
  if (OUR_SIDE.test(slug)) return 'unreachable'
  return slug === 'unknown_error' ? 'temporary' : 'permanent'
}

const OUR_SIDE =
  /^(token_|user_|authentication_|missing_user|empty_date|invalid_date|expired_date|date_in_|empty_signature|invalid_signature|signature_)/
