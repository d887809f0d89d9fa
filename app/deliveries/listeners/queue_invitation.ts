import { enqueue } from '#deliveries/outbox'
import type UserInvited from '#users/events/user_invited'

/** Sends an invited user the way to their password, besides the link shown to whoever invited them. */
export default class QueueInvitation {
  async handle({ trx, user, invitation }: UserInvited) {
    await enqueue(trx, {
      key: `users.invitation:${invitation.id}`,
      recipe: 'users.invitation',
      parameters: { id: invitation.id },
      recipient: user.email,
      creditorId: user.creditorId,
    })
  }
}
