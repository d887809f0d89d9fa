import { timingSafeEqual } from 'node:crypto'
import type { Outcome } from '#deliveries/drivers/driver'
import type {
  PostalOrder,
  PostalProvider,
  ProofKind,
  ProviderFact,
  WebhookReader,
} from '#registered_mail/providers/provider'

const SECRET = 'what only the provider and we know'

/**
 * A provider as the contract describes it, for what is done with its answers: it can refuse, stay
 * silent after taking a letter, tell everything twice and backwards, and have its proofs late.
 */
export class FakePostal implements PostalProvider, WebhookReader {
  readonly kinds = ['simple', 'lrar'] as const
  readonly taken = new Map<string, PostalOrder>()
  /** What it knows, by its own reference. */
  readonly known = new Map<string, ProviderFact[]>()
  readonly proofs = new Map<string, Uint8Array>()
  submits = 0
  asked = 0
  behaviour: 'take' | 'refuse' | 'lose_answer' | 'busy' = 'take'
  answersWhenAsked = true

  constructor(
    readonly name: string,
    readonly keyed = true
  ) {}

  async submit(order: PostalOrder, mayLeave: () => boolean): Promise<Outcome> {
    this.submits += 1
    if (!mayLeave()) return { kind: 'withheld' }
    if (this.behaviour === 'busy') return { kind: 'temporary', reason: '503 busy' }
    if (this.behaviour === 'refuse') return { kind: 'permanent', reason: '422 the address is refused' }
    if (!this.taken.has(order.key) || !this.keyed) {
      this.taken.set(this.keyed ? order.key : `${order.key}#${this.submits}`, order)
    }
    if (this.behaviour === 'lose_answer') return { kind: 'unanswered', reason: 'ECONNRESET' }
    return { kind: 'sent', providerRef: FakePostal.refOf(order.reference) }
  }

  async ask(providerRef: string): Promise<ProviderFact[]> {
    this.asked += 1
    if (!this.answersWhenAsked) throw new Error('503 from the provider')
    const facts = this.known.get(providerRef) ?? []
    return [...facts.toReversed(), ...facts]
  }

  async fetchProof(providerRef: string, proof: ProofKind) {
    const bytes = this.proofs.get(`${providerRef}:${proof}`)
    return bytes ? { bytes, mediaType: 'application/pdf' } : null
  }

  async test() {
    return this.behaviour === 'refuse'
      ? { ok: false as const, reason: '401 invalid client' }
      : { ok: true as const, account: 'Cabinet Amiable (essai)' }
  }

  isAuthentic(headers: Record<string, string | undefined>, body: Buffer): boolean {
    const given = Buffer.from(headers['x-secret'] ?? '')
    const expected = Buffer.from(SECRET)
    return body.length > 0 && given.length === expected.length && timingSafeEqual(given, expected)
  }

  facts(body: Buffer): ProviderFact[] {
    const read = JSON.parse(body.toString()) as { facts?: ProviderFact[] }
    return read.facts ?? []
  }

  static refOf = (reference: string) => `prov-${reference}`
  static headers = { 'x-secret': SECRET }
}

/** One fact of a letter, by our reference. */
export const factOf = (
  reference: string,
  state: ProviderFact['state'],
  on: string,
  more: Partial<ProviderFact> = {}
): ProviderFact => ({
  providerRef: FakePostal.refOf(reference),
  factKey: `${reference}:${state ?? more.proof}:${on}`,
  state,
  proof: null,
  at: `${on}T10:00:00.000Z`,
  registeredNumber: null,
  reason: null,
  ...more,
})
