import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { Instant } from '#shared/clock'
import type Delivery from '#deliveries/models/delivery'

export interface Attachment {
  name: string
  mediaType: string
  /** A stored file by its hash, or bytes that are stored nowhere else. */
  content: { fileSha256: string } | { bytes: Uint8Array }
}

/** One email: both parts always, one recipient, no amount in the subject (rule 15). */
export interface EmailContent {
  subject: string
  text: string
  html: string
  /** The address to use instead of the row's, when it was corrected since. */
  to?: string
  attachments?: Attachment[]
}

/** One paper letter for a print provider; `to` has the lines of the window block. */
export interface PrintContent {
  subject: string
  to: string[]
  fileSha256: string
  /** What else its carrier must know, the same at each attempt. */
  order?: Record<string, unknown>
}

/** One SMS: short, to one mobile, no amount in it (rule 15). */
export interface SmsContent {
  sms: string
  /** The number to use instead of the row's, when it was corrected since. */
  to?: string
}

export type Content = EmailContent | PrintContent | SmsContent

/** Why it must not leave any more: a key of the `deliveries.reasons` words. */
export interface Cancellation {
  cancel: string
}

/**
 * Composes a delivery at the moment it leaves: that is when a debtor's link is
 * minted, so that no live link waits in a queue. It may write (its own
 * transaction) but sends nothing.
 */
export type Compose = (delivery: Delivery, at: Instant) => Promise<Content | Cancellation>

export interface Recipe {
  compose: Compose
  /** Told in the transaction that settles the row as sent, failed, uncertain or cancelled. */
  settled?: (trx: TransactionClientContract, delivery: Delivery) => Promise<void>
  /** What it says is its recipient's alone for so long: a one-time code while it works. */
  secretMinutes?: number
}

/** A verdict on a row about to leave; null lets it go. */
export type Verdict = Cancellation | { deferUntil: Instant; reason: string } | null

/**
 * Says whether a delivery may still leave. It runs before the message is
 * composed and again in the transaction that marks the row as leaving, with the
 * claim locked: reading through `trx`, it sees every payment committed before.
 */
export type Guard = (trx: TransactionClientContract, delivery: Delivery, at: Instant) => Promise<Verdict>

const recipes = new Map<string, Recipe>()
const guards: Guard[] = []

/** @throws when the name is taken: two recipes of one name would send the wrong words */
export function registerRecipe(name: string, compose: Compose, hooks: Omit<Recipe, 'compose'> = {}) {
  if (recipes.has(name)) throw new Error(`recipe ${name} is registered twice`)
  recipes.set(name, { compose, ...hooks })
}

export function registerGuard(guard: Guard) {
  guards.push(guard)
}

export const recipeNamed = (name: string): Recipe | undefined => recipes.get(name)

/** The first objection among the guards, or null. */
export async function mayStillSend(
  trx: TransactionClientContract,
  delivery: Delivery,
  at: Instant
): Promise<Verdict> {
  for (const guard of guards) {
    const verdict = await guard(trx, delivery, at)
    if (verdict) return verdict
  }
  return null
}
