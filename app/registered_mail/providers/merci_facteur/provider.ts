import type { Outcome } from '#deliveries/drivers/driver'
import { MAX_DOCUMENT_BYTES, textOf, type Json } from '#shared/http'
import { ProviderUnavailable } from '#registered_mail/providers/provider'
import { proofDocument } from '#registered_mail/providers/proof_document'
import { isRefusal } from '#deliveries/drivers/refusal'
import type { MailingKind, PostalOrder, PostalProvider, ProofKind } from '#registered_mail/providers/provider'
import {
  MerciFacteurClient,
  type MerciFacteurAnswer,
  type MerciFacteurSettings,
} from '#registered_mail/providers/merci_facteur/client'
import { orderForm } from '#registered_mail/providers/merci_facteur/order_form'
import { findTaken, isAlreadyTaken, sendingIdIn } from '#registered_mail/providers/merci_facteur/taken'
import { readTracking, type Tracking } from '#registered_mail/providers/merci_facteur/tracking'

const TIMEOUT_MS = 60_000

/** `document` of `GET /getProof`; there are no others. */
const DOCUMENTS: Partial<Record<ProofKind, string>> = {
  deposit: 'depot',
  receipt: 'reception',
  download: 'telechargement',
}

/**
 * Merci Facteur: letters, registered letters whose receipt is scanned, and ERE (a simple
 * registered e-mail, never called LRAR). `antidoublon` is our key: for 30 days a second letter
 * under it is an error, so a lost answer is asked for again safely. Its `envoi_id` is what a letter
 * is followed by.
 */
export class MerciFacteur implements PostalProvider {
  readonly name = 'merci_facteur'
  readonly keyed = true
  readonly kinds: readonly MailingKind[]
  readonly #client: MerciFacteurClient

  constructor(
    private readonly settings: MerciFacteurSettings,
    timeoutMs = TIMEOUT_MS
  ) {
    this.kinds = settings.senderEmail ? ['simple', 'lrar', 'ere'] : ['simple', 'lrar']
    this.#client = new MerciFacteurClient(settings, timeoutMs)
  }

  async submit(order: PostalOrder, mayLeave: () => boolean): Promise<Outcome> {
    const form = orderForm(order, this.settings)
    if (typeof form === 'string') return { kind: 'permanent', reason: form }
    const answer = await this.#client.call({ method: 'POST', path: '/sendCourrier', form, mayLeave })
    if (answer.kind === 'done') return { kind: 'sent', providerRef: sendingIdIn(answer.body) }
    if (answer.kind !== 'declined') return answer
    const { status, code, said, body } = answer
    if (isAlreadyTaken(code, said)) {
      const providerRef = sendingIdIn(body) ?? (await findTaken(this.#client, this.settings.userId, order))
      return { kind: 'sent', providerRef }
    }
    return { kind: outcomeKind(status, code), reason: said }
  }

  /** @throws ProviderUnavailable when it cannot be asked */
  async ask(providerRef: string) {
    return (await this.#tracking(providerRef))?.facts ?? []
  }

  /**
   * A proof is asked for by the postal number, which a letter has from its printing on; before its
   * event it does not exist, and asking for it is an error like another: null.
   *
   * @throws ProviderUnavailable when it cannot be asked, or gives something that is no proof
   */
  async fetchProof(providerRef: string, proof: ProofKind) {
    const document = DOCUMENTS[proof]
    const tracking = document ? await this.#tracking(providerRef) : null
    if (!document || !tracking) return null
    if (proof === 'receipt' && tracking.receipt) return decoded(tracking.receipt)
    if (!tracking.trackingNumber) return null
    const body = bodyOf(
      await this.#client.call({
        method: 'GET',
        path: '/getProof',
        query: { trackingNumber: tracking.trackingNumber, document },
        maxBytes: MAX_DOCUMENT_BYTES,
      })
    )
    const base64 = textOf(body?.document)
    return base64 ? decoded(base64) : null
  }

  /** Signs in, and reads what the account has left. */
  async test(): Promise<{ ok: true; account: string } | { ok: false; reason: string }> {
    const token = await this.#client.signIn()
    if (typeof token !== 'string') return { ok: false, reason: token.reason }
    const answer = await this.#client.call({ method: 'GET', path: '/getQuotaCompte' })
    if (isRefusal(answer)) return { ok: false, reason: answer.reason }
    if (answer.kind === 'declined' && answer.status !== 404) return { ok: false, reason: answer.said }
    const user = this.settings.userId ? `, user ${this.settings.userId}` : ''
    return { ok: true, account: `service ${this.settings.serviceId}${user}` }
  }

  async #tracking(providerRef: string): Promise<Tracking | null> {
    const answer = await this.#client.call({
      method: 'GET',
      path: '/getSuiviEnvoi',
      query: { idEnvoi: providerRef },
      maxBytes: MAX_DOCUMENT_BYTES,
    })
    const body = bodyOf(answer)
    return body && readTracking(providerRef, body)
  }
}

/** What was answered, null when it declined: it has no such thing, or not yet. */
function bodyOf(answer: MerciFacteurAnswer): Json | null {
  if (answer.kind === 'done') return answer.body
  if (answer.kind === 'declined') return null
  throw new ProviderUnavailable(isRefusal(answer) ? answer.reason : answer.kind)
}

function decoded(base64: string) {
  const document = proofDocument(Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64'))
  if (!document) throw new ProviderUnavailable('a proof that is neither a PDF nor a JPEG')
  return document
}

/** A refusal that is about the account or our settings is not the letter's fault. */
function outcomeKind(status: number, code: string): 'unreachable' | 'temporary' | 'permanent' {
  if (OUR_SIDE.test(code)) return 'unreachable'
  return status === 409 ? 'temporary' : 'permanent'
}

const OUR_SIDE =
  /CREDIT|QUOTA|SOLDE|PAIEMENT|PAYMENT|SIGNATURE|TIMESTAMP|SERVICE_?ID|AUTHORIZED_?IP|ID_?USER|USER_?ID/i
