import { BaseEvent } from '@adonisjs/core/events'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type Dispute from '#claims/models/dispute'

/**
 * A person has answered a dispute. Dispatched and awaited inside the transaction
 * that writes the answer: a listener that fails undoes it, and a message queued
 * by a listener leaves if and only if the answer is kept.
 */
export default class DisputeResolved extends BaseEvent {
  constructor(
    public trx: TransactionClientContract,
    public dispute: Dispute
  ) {
    super()
  }
}
