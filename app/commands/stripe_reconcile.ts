import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'

/** Heals what webhooks that never came left undone. */
export default class StripeReconcile extends AmiableCommand {
  static override commandName = 'stripe:reconcile'
  static override description = 'Ask Stripe what happened, and post what its webhooks did not bring'

  @flags.string({ description: 'From that instant or day on (ISO 8601); the last 7 days by default' })
  declare since?: string

  override async run() {
    const since = this.since === undefined ? undefined : this.instant('since', this.since)
    const { default: Stripe } = await import('stripe')
    const { stripeGateway } = await import('#payments/gateway')
    const { ReconcileStripe } = await import('#payments/actions/reconcile_stripe')
    const gateway = stripeGateway()
    if (!gateway) this.refuse('No Stripe key is set: fill in STRIPE_SECRET_KEY first')
    try {
      return this.answer(await new ReconcileStripe(gateway).handle(since))
    } catch (error) {
      if (error instanceof Stripe.errors.StripeError) this.refuse(`Stripe does not answer: ${error.message}`)
      throw error
    }
  }
}
