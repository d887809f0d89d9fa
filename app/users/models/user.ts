import hash from '@adonisjs/core/services/hash'
import { compose } from '@adonisjs/core/helpers'
import { withAuthFinder } from '@adonisjs/auth/mixins/lucid'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { UserSchema } from '#database/schema'
import { sha256 } from '#shared/files'

/** What a user may do: docs/authorisation.json lists it route by route. */
export const ROLES = ['admin', 'collector', 'accountant', 'creditor'] as const
export type Role = (typeof ROLES)[number]

/** Those of the agency itself; a creditor's user belongs to a creditor and sees only its own. */
export const AGENCY_ROLES = ['admin', 'collector', 'accountant'] as const satisfies readonly Role[]

export const PASSWORD_MIN_LENGTH = 12

const AuthFinder = withAuthFinder(() => hash.use(), { uids: ['email'], passwordColumnName: 'password' })

export default class User extends compose(UserSchema, AuthFinder) {
  static override table = 'users'
  declare role: Role

  /**
   * The user of that address and password, or null. Unknown, wrong, not yet
   * invited and disabled take the same time and say the same.
   */
  static async identify(email: string, password: string): Promise<User | null> {
    const user = await this.findBy('email', email.trim().toLowerCase())
    if (!user?.password) {
      await hash.make(password)
      return null
    }
    const known = await user.verifyPassword(password)
    return known && !user.disabledAt ? user : null
  }

  /** False on an empty installation, whose first visitor is led to the first run. */
  static async any(trx?: TransactionClientContract): Promise<boolean> {
    return (await this.query({ client: trx }).select('id').first()) !== null
  }

  get initials() {
    return this.fullName
      .split(/\s+/)
      .map((word) => word[0])
      .join('')
      .slice(0, 2)
      .toUpperCase()
  }

  /** Invited, and no password chosen yet. */
  get pending() {
    return this.password === null
  }

  /**
   * Changes with the password: a session signed in under another one is over.
   */
  get credential(): string {
    return sha256(this.password ?? '').slice(0, 16)
  }
}
