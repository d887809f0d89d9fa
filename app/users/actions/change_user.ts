import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import User, { type AGENCY_ROLES } from '#users/models/user'

type Change = { fullName?: string; role?: (typeof AGENCY_ROLES)[number]; disabled?: boolean }

export type UserChanged = { outcome: 'changed'; user: User } | { outcome: 'last_admin' }

/**
 * Changes a user's name, role or access. A creditor's user stays one; the last
 * admin keeps theirs, or nobody could give it back.
 */
export default class ChangeUser {
  async handle(userId: number, change: Change): Promise<UserChanged> {
    return transaction(async (trx) => {
      const user = await User.query({ client: trx }).where('id', userId).firstOrFail()
      const role = user.role === 'creditor' ? user.role : (change.role ?? user.role)
      const disabled = change.disabled ?? user.disabledAt !== null
      if ((role !== 'admin' || disabled) && (await this.#isLastAdmin(user, trx))) {
        return { outcome: 'last_admin' }
      }
      const now = clock.now()
      await user
        .merge({
          fullName: change.fullName ?? user.fullName,
          role,
          disabledAt: disabled ? (user.disabledAt ?? now) : null,
          updatedAt: now,
        })
        .save()
      return { outcome: 'changed', user }
    })
  }

  async #isLastAdmin(user: User, trx: TransactionClientContract) {
    if (user.role !== 'admin' || user.disabledAt) return false
    const another = await User.query({ client: trx })
      .where('role', 'admin')
      .whereNull('disabledAt')
      .whereNotNull('password')
      .whereNot('id', user.id)
      .first()
    return another === null
  }
}
