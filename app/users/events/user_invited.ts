import { BaseEvent } from '@adonisjs/core/events'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type Invitation from '#users/models/invitation'
import type User from '#users/models/user'

/**
 * Somebody may choose a password. Dispatched and awaited inside the transaction
 * that writes the invitation, so that the message a listener queues leaves if
 * and only if the invitation is kept.
 */
export default class UserInvited extends BaseEvent {
  constructor(
    public trx: TransactionClientContract,
    public user: User,
    public invitation: Invitation
  ) {
    super()
  }
}
