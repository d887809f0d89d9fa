import type { Instant } from '#shared/clock'
import type { Outcome } from '#deliveries/drivers/driver'

/**
 * lettre simple, lettre recommandée avec avis de réception, envoi électronique avec accusé de réception, lettre
 * recommandée électronique qualifiée.
 */
export const MAILING_KINDS = ['simple', 'lrar', 'ere', 'lre'] as const
export type MailingKind = (typeof MAILING_KINDS)[number]

/** In the order a mailing goes through; the ends come last, and only a surer end replaces one (`fold.ts`). */
export const MAILING_STATES = [
  'draft',
  'awaiting_confirmation',
  'queued',
  'provider_accepted',
  'printed',
  'sent',
  'handed_over',
  'first_presentation',
  'awaiting_pickup',
  'delivered',
  'delivered_signed',
  'refused',
  'unclaimed',
  'undeliverable',
  'notification_failed',
  'provider_rejected',
  'cancelled',
] as const
export type MailingState = (typeof MAILING_STATES)[number]

export const PROOF_KINDS = [
  'deposit',
  'dispatch',
  'content',
  'receipt',
  'refusal',
  'non_claim',
  'download',
  'returned_mail',
  'bounce',
] as const
export type ProofKind = (typeof PROOF_KINDS)[number]

/** One letter for a provider: the same at each attempt. */
export interface PostalOrder {
  /** The outbox key: a provider that honours it takes the letter once. */
  key: string
  kind: MailingKind
  /** The letter's reference, which the provider gives back. */
  reference: string
  /** Address blocks of at most 6 lines of 38 characters (NF Z10-011); the last line is postcode and city. */
  sender: readonly string[]
  recipient: readonly string[]
  recipientIsPerson: boolean
  /** Who may open a letter that leaves electronically; null on paper. */
  addressee?: { company: string | null; firstName: string | null; lastName: string | null } | null
  email: string | null
  pdf: Uint8Array
  pages: number
  options: { duplex: boolean; addressSheet: boolean; colour: boolean }
}

/** What a provider says of a letter, by webhook or asked. The order they come in says nothing. */
export interface ProviderFact {
  providerRef: string
  /** The same each time the same fact is told. */
  factKey: string
  state: MailingState | null
  proof: ProofKind | null
  at: Instant | null
  registeredNumber: string | null
  /** Why it could not be delivered, in the provider's own code (Maileva N02, N07…). */
  reason: string | null
}

export interface PostalProvider {
  readonly name: string
  readonly kinds: readonly MailingKind[]
  /** Honours our key: asking again after a lost answer cannot make a second letter (rule 51). */
  readonly keyed: boolean
  /** How long a request whose answer was lost may still be at work over there: none is repeated sooner. */
  readonly settlesInMinutes?: number
  /** Never throws for what the provider answers or fails to answer. */
  submit(order: PostalOrder, mayLeave: () => boolean): Promise<Outcome>
  /** What it knows of a letter now: heals webhooks that were missed. */
  ask(providerRef: string): Promise<ProviderFact[]>
  fetchProof(providerRef: string, proof: ProofKind): Promise<{ bytes: Uint8Array; mediaType: string } | null>
  /** Signs in and reads something harmless, for the "test the connection" button. */
  test(): Promise<{ ok: true; account: string } | { ok: false; reason: string }>
}

/** Neither a fact nor a proof could be read: the provider did not answer, or not as it should. */
export class ProviderUnavailable extends Error {}

/** A provider that calls us. */
export interface WebhookReader {
  /** Whether the call is theirs, told by its headers, the raw body or the address; compared in constant time. */
  isAuthentic(
    headers: Record<string, string | undefined>,
    body: Buffer,
    query?: Readonly<Record<string, unknown>>
  ): boolean
  /** The facts in a call that is theirs; what is unknown is none, never an error. */
  facts(body: Buffer, contentType: string | undefined): ProviderFact[]
}
