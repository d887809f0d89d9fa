import app from '@adonisjs/core/services/app'
import { appUrl } from '#config/app'
import env from '#start/env'

/** A debit "in progress" is worth seeing, not worth waiting for. */
const SETTLE_DEBITS_AFTER_MS = 20_000

/**
 * In development, without a Stripe key, payments go to the simulator: the page
 * of a debtor can be tried to the end on a fresh clone. Never in production.
 */
if (app.inDev && !env.get('STRIPE_SECRET_KEY')) {
  const { startStripeSimulator } = await import('#tests/fakes/stripe_simulator')
  const simulator = await startStripeSimulator({
    webhookUrl: `${appUrl}/webhooks/stripe`,
    settleDebitsAfterMs: SETTLE_DEBITS_AFTER_MS,
  })
  env.set('STRIPE_SECRET_KEY', simulator.secretKey)
  env.set('STRIPE_WEBHOOK_SECRET', simulator.webhookSecret)
  env.set('STRIPE_CONNECT_WEBHOOK_SECRET', simulator.connectWebhookSecret)
  env.set('STRIPE_API_BASE', simulator.url)
  app.terminating(() => simulator.stop())
}
