import emitter from '@adonisjs/core/services/emitter'
import DisputeResolved from '#claims/events/dispute_resolved'
import UserInvited from '#users/events/user_invited'

/** What happens in a domain, and what a domain above it does about it. */
const QueueInvitation = () => import('#deliveries/listeners/queue_invitation')
const QueueDisputeAnswer = () => import('#portal/listeners/queue_dispute_answer')

emitter.on(DisputeResolved, [QueueDisputeAnswer, 'handle'])
emitter.on(UserInvited, [QueueInvitation, 'handle'])
