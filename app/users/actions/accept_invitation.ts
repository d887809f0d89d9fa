import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Invitation from '#users/models/invitation'
import type User from '#users/models/user'

/**
 * Uses an invitation: the password is set and every link of that person is
 * spent, together, so that they serve once even when two people press at the
 * same time, or one found it in an email and the other on a screen.
 *
 * @returns the user, or null when the link is no longer good
 */
export default class AcceptInvitation {
  async handle(input: { token: string; password: string }): Promise<User | null> {
    return transaction(async (trx) => {
      const invitation = await Invitation.openFor(input.token, trx)
      if (!invitation) return null
      const now = clock.now()
      const [spent] = await Invitation.query({ client: trx })
        .where('id', invitation.id)
        .whereNull('usedAt')
        .update({ usedAt: now })
      if (Number(spent) === 0) return null
      const { user } = invitation
      await Invitation.query({ client: trx })
        .where('userId', user.id)
        .whereNull('usedAt')
        .update({ usedAt: now })
      await user.useTransaction(trx).merge({ password: input.password, updatedAt: now }).save()
      return user
    })
  }
}
