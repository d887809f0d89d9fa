import emitter from '@adonisjs/core/services/emitter'
import DisputeResolved from '#claims/events/dispute_resolved'

/** What happens in a domain, and what a domain above it does about it. */
const QueueDisputeAnswer = () => import('#portal/listeners/queue_dispute_answer')

emitter.on(DisputeResolved, [QueueDisputeAnswer, 'handle'])
