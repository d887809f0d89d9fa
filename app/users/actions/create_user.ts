import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Invitation from '#users/models/invitation'
import User, { type Role } from '#users/models/user'

type NewUser = {
  email: string
  fullName: string
  role: Role
  /** For the role creditor, and only for it. */
  creditorId?: number | null
  /** Without one, the user is sent a link to choose it. */
  password?: string
}

export type UserCreated =
  { outcome: 'created'; user: User; invitationToken: string | null } | { outcome: 'email_taken' }

/** Adds a user, with an invitation when no password is given. */
export default class CreateUser {
  async handle(input: NewUser, open?: TransactionClientContract): Promise<UserCreated> {
    return transaction(async (trx) => {
      const taken = await User.query({ client: trx }).where('email', input.email).first()
      if (taken) return { outcome: 'email_taken' }
      const now = clock.now()
      const user = await User.create(
        {
          email: input.email,
          fullName: input.fullName,
          role: input.role,
          creditorId: input.creditorId ?? null,
          password: input.password ?? null,
          createdAt: now,
          updatedAt: now,
        },
        { client: trx }
      )
      const invitationToken = input.password ? null : await Invitation.issue(trx, user)
      return { outcome: 'created', user, invitationToken }
    }, open)
  }
}
