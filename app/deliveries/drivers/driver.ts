import type { Channel } from '#deliveries/models/delivery'

/** A delivery ready to leave: the very bytes, the same at each attempt. */
export interface Parcel {
  /** The outbox key: the provider that honours it takes the parcel once. */
  key: string
  channel: Channel
  /** One strict address for an email; the lines of the address for a letter; E.164 for an SMS. */
  recipient: string
  /** The address answers and refusals go to; empty but for an email. */
  sender: string
  bytes: Buffer
}

/**
 * What became of a parcel.
 * - sent: the provider has taken it
 * - temporary: it has not, and may take it later
 * - permanent: it has not, and never will
 * - no_mailbox: it has not, because nobody has that address
 * - unreachable: nothing can leave this way at the moment, this parcel or another
 * - unanswered: it may have been taken; nobody can tell
 * - withheld: `mayLeave` said no at the last moment; nothing left
 */
export type Outcome =
  | { kind: 'sent'; providerRef: string | null }
  | { kind: 'temporary' | 'permanent' | 'no_mailbox' | 'unreachable' | 'unanswered'; reason: string }
  | { kind: 'withheld' }

export interface Session {
  /** Never throws for what the provider answers or fails to answer. */
  send(parcel: Parcel, mayLeave: () => boolean): Promise<Outcome>
  close(): Promise<void>
}

export interface Driver {
  name: string
  /** Honours our key: a retry after a lost answer cannot make a second copy. */
  keyed: boolean
  /** With a key: how long a request whose answer was lost may still be at work, so that none is repeated sooner. */
  settlesInMinutes?: number
  /** Opens nothing yet: the first parcel does. */
  open(): Session
}
