import router from '@adonisjs/core/services/router'

const StripeEventsController = () => import('#payments/controllers/stripe_events_controller')

/** No session and no CSRF: the sender's signature says who speaks. */
router.post('/webhooks/stripe', [StripeEventsController, 'store']).as('webhooks.stripe')
