import type { Outcome } from '#deliveries/drivers/driver'
import { MAX_DOCUMENT_BYTES, objectsIn, textOf, type Json } from '#shared/http'
import { ProviderUnavailable } from '#registered_mail/providers/provider'
import { proofDocument } from '#registered_mail/providers/proof_document'
import { isRefusal } from '#deliveries/drivers/refusal'
import type { PostalOrder, PostalProvider, ProofKind } from '#registered_mail/providers/provider'
import {
  MailevaClient,
  REGISTERED,
  SIMPLE,
  type MailevaAnswer,
  type MailevaSettings,
} from '#registered_mail/providers/maileva/client'
import { factsOf } from '#registered_mail/providers/maileva/facts'
import { makeLetter } from '#registered_mail/providers/maileva/make_letter'
import { sendingForm } from '#registered_mail/providers/maileva/sending_form'

/** Six requests in the worst case, well inside a lease. */
const TIMEOUT_MS = 20_000

const DOWNLOADS: Partial<Record<ProofKind, string>> = {
  deposit: 'download_deposit_proof',
  content: 'download_content_proof',
  receipt: 'download_acknowledgement_of_receipt',
  returned_mail: 'download_undelivered_mail',
}

/**
 * Maileva: registered letters (registered_mail v4) and simple ones (mail v2). It has no
 * idempotency key of its own; `keyed` is honest because a letter leaves by the
 * submission of a sending that is found again under our `custom_id`, and one
 * sending is submitted once whatever is asked. A letter is followed by its
 * sending's id, the same for both products.
 */
export class Maileva implements PostalProvider {
  readonly name = 'maileva'
  readonly keyed = true
  readonly kinds = ['simple', 'lrar'] as const
  readonly #client: MailevaClient

  constructor(
    private readonly settings: MailevaSettings,
    timeoutMs = TIMEOUT_MS
  ) {
    this.#client = new MailevaClient(settings, timeoutMs)
  }

  async submit(order: PostalOrder, mayLeave: () => boolean): Promise<Outcome> {
    const form = sendingForm(order)
    if (typeof form === 'string') return { kind: 'permanent', reason: form }
    return makeLetter(this.#client, form, mayLeave)
  }

  /** @throws ProviderUnavailable when it cannot be asked */
  async ask(providerRef: string) {
    for (const api of [REGISTERED, SIMPLE]) {
      const sending = await this.#read(`${api}/sendings/${encodeURIComponent(providerRef)}`)
      if (sending) return factsOf(providerRef, sending, await this.#recipient(api, providerRef))
    }
    return []
  }

  /** @throws ProviderUnavailable when it cannot be asked, or gives something that is no proof */
  async fetchProof(providerRef: string, proof: ProofKind) {
    const download = DOWNLOADS[proof]
    const recipient = download ? await this.#recipient(REGISTERED, providerRef) : null
    const recipientId = textOf(recipient?.id)
    if (!download || !recipientId) return null
    const sending = `${REGISTERED}/sendings/${encodeURIComponent(providerRef)}`
    const own = await this.#document(`${sending}/recipients/${encodeURIComponent(recipientId)}/${download}`)
    return own ?? (proof === 'deposit' ? this.#globalDeposit(providerRef) : null)
  }

  /** Signs in, and lists one sending. */
  async test(): Promise<{ ok: true; account: string } | { ok: false; reason: string }> {
    const token = await this.#client.signIn()
    if (typeof token !== 'string') return { ok: false, reason: token.reason }
    const query = { start_index: '1', count: '1' }
    const answer = await this.#client.call({ method: 'GET', path: `${REGISTERED}/sendings`, query })
    if (answer.kind === 'done') {
      return { ok: true, account: this.settings.user?.username ?? this.settings.clientId }
    }
    return { ok: false, reason: reasonOf(answer) }
  }

  async #recipient(api: string, sendingId: string): Promise<Json | null> {
    const path = `${api}/sendings/${encodeURIComponent(sendingId)}/recipients`
    const body = await this.#read(path, { start_index: '1', count: '50' })
    return objectsIn(body?.recipients)[0] ?? null
  }

  /** Several letters handed over together have one proof of their deposit. */
  async #globalDeposit(sendingId: string) {
    const path = `${REGISTERED}/global_deposit_proofs`
    const body = await this.#read(path, { sending_id: sendingId })
    const proof = objectsIn(body?.global_deposit_proofs).find((one) => textOf(one.sending_id) === sendingId)
    const id = textOf(proof?.id)
    return id ? this.#document(`${path}/${encodeURIComponent(id)}/download`) : null
  }

  async #read(path: string, query?: Record<string, string>): Promise<Json | null> {
    const answer = await this.#client.call({ method: 'GET', path, ...(query ? { query } : {}) })
    if (answer.kind === 'done' && answer.body) return answer.body
    if (answer.kind === 'declined' && answer.status === 404) return null
    throw new ProviderUnavailable(reasonOf(answer))
  }

  /** Null while it is not there. */
  async #document(path: string) {
    const answer = await this.#client.call({ method: 'GET', path, maxBytes: MAX_DOCUMENT_BYTES })
    if (answer.kind === 'declined') return null
    if (answer.kind !== 'done') throw new ProviderUnavailable(reasonOf(answer))
    const document = proofDocument(answer.bytes)
    if (!document) throw new ProviderUnavailable('a proof that is neither a PDF nor a JPEG')
    return document
  }
}

function reasonOf(answer: MailevaAnswer): string {
  if (isRefusal(answer)) return answer.reason
  return answer.kind === 'declined' ? answer.said : 'an answer that is not JSON'
}
