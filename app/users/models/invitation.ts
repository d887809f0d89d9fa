import { randomBytes } from 'node:crypto'
import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { InvitationSchema } from '#database/schema'
import { addDays } from '#shared/calendar'
import { civilDateAt, clock, instantOn } from '#shared/clock'
import { sha256 } from '#shared/files'
import UserInvited from '#users/events/user_invited'
import User from '#users/models/user'

/** How long a link to choose a password stays good. */
const GOOD_FOR_DAYS = 7

/** A link to choose a password, good once. Only the SHA-256 of its token is kept. */
export default class Invitation extends InvitationSchema {
  static override table = 'invitations'

  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>

  /**
   * A new link for a user; the former ones stop working.
   *
   * @returns the token, 32 random bytes in base64url: the only time it is known
   */
  static async issue(trx: TransactionClientContract, user: User): Promise<string> {
    const token = newToken()
    const now = clock.now()
    await this.query({ client: trx }).where('userId', user.id).whereNull('usedAt').update({ expiresAt: now })
    const invitation = await this.create(
      {
        userId: user.id,
        tokenSha256: sha256(token),
        expiresAt: instantOn(addDays(civilDateAt(now), GOOD_FOR_DAYS + 1)),
        createdAt: now,
      },
      { client: trx }
    )
    await UserInvited.dispatch(trx, user, invitation)
    return token
  }

  /** A second link to the same choice, for the email: it ends when this one does, and both when one is used. */
  async anotherLink(trx: TransactionClientContract): Promise<string> {
    const token = newToken()
    const { userId, expiresAt } = this
    const values = { userId, expiresAt, tokenSha256: sha256(token), createdAt: clock.now() }
    await Invitation.create(values, { client: trx })
    return token
  }

  /** The invitation still open under that token, with its user; null otherwise, whatever the reason. */
  static async openFor(token: string, trx?: TransactionClientContract): Promise<Invitation | null> {
    const invitation = await this.query({ client: trx })
      .where('tokenSha256', sha256(token))
      .whereNull('usedAt')
      .where('expiresAt', '>', clock.now())
      .preload('user')
      .first()
    return invitation && !invitation.user.disabledAt ? invitation : null
  }
}

const newToken = () => randomBytes(32).toString('base64url')
