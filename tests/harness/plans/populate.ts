import { bootApp, leave, plan } from '#tests/harness/deliveries/boot'

export interface PopulatePlan {
  plans: number
  stripe: { key: string; url: string }
}

/** So many plans under way: each was proposed, and its first instalment paid on the hosted page. */
const { plans, stripe } = plan<PopulatePlan>()
const app = await bootApp()
const { default: env } = await import('#start/env')
env.set('STRIPE_SECRET_KEY', stripe.key)
env.set('STRIPE_API_BASE', stripe.url)
const { clock } = await import('#shared/clock')
const { givenAgency, givenCreditor } = await import('#tests/fixtures/domain')
const { AGREED_AT, givenAcceptedPlan, tillFor } = await import('#tests/fixtures/plans')
const { payOnPage } = await import('#tests/fixtures/stripe')
const { ReconcileStripe } = await import('#payments/actions/reconcile_stripe')
const { stripeGateway } = await import('#payments/gateway')

await givenAgency({ insuranceValidUntilOn: '2099-12-31' })
const creditor = await givenCreditor()
for (let index = 0; index < plans; index++) {
  const values = { kind: 'b2c' as const, creditor, invoices: [{ amountCents: 30_000 + index }] }
  const { plan: accepted } = await givenAcceptedPlan(values, { months: 3 })
  await payOnPage(await tillFor(accepted))
}
await clock.at(AGREED_AT, () => new ReconcileStripe(stripeGateway()!).handle(AGREED_AT.slice(0, 10)))
await leave(app)
