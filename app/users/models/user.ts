import hash from '@adonisjs/core/services/hash'
import { compose } from '@adonisjs/core/helpers'
import { withAuthFinder } from '@adonisjs/auth/mixins/lucid'
import { UserSchema } from '#database/schema'

/** What a user may do: docs/authorisation.json lists it route by route. */
export const ROLES = ['admin', 'collector', 'accountant', 'creditor'] as const
export type Role = (typeof ROLES)[number]

const AuthFinder = withAuthFinder(() => hash.use(), { uids: ['email'], passwordColumnName: 'password' })

export default class User extends compose(UserSchema, AuthFinder) {
  static override table = 'users'
  declare role: Role

  get initials() {
    return this.fullName
      .split(/\s+/)
      .map((word) => word[0])
      .join('')
      .slice(0, 2)
      .toUpperCase()
  }
}
