import Stripe from 'stripe'
import { test } from '@japa/runner'
import { startStripeSimulator } from '#tests/fakes/stripe_simulator'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'
import { payOnPage } from '#tests/fixtures/stripe'

test.group('stripe:reconcile', (group) => {
  group.tap((one) => one.tags(['@any_database']))
  let home: Awaited<ReturnType<typeof givenInstallation>>
  group.setup(async () => {
    home = await givenInstallation()
    return home.discard
  })

  test('says what it saw, posted and healed, in one JSON line', async ({ assert, cleanup }) => {
    const simulator = await startStripeSimulator({ seed: 5 })
    cleanup(() => simulator.stop())
    const { hostname, port } = new URL(simulator.url)
    const stripe = new Stripe(simulator.secretKey, { host: hostname, port, protocol: 'http' })
    const { url } = await stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [
        {
          quantity: 1,
          price_data: { currency: 'eur', unit_amount: 5_000, product_data: { name: 'Autre vente' } },
        },
      ],
      success_url: 'http://127.0.0.1:9/',
    })
    await payOnPage(url!)

    const variables = {
      ...home.variables,
      STRIPE_SECRET_KEY: simulator.secretKey,
      STRIPE_API_BASE: simulator.url,
    }
    const first = await runCommand(['stripe:reconcile', '--json'], variables)
    assert.equal(first.code, 0, first.stderr)
    // Two events of ours to know, and the session; the money is for no file, so it waits for a person.
    assert.deepEqual(JSON.parse(first.stdout), { seen: 3, posted: 0, healed: 2 })
    const again = await runCommand(['stripe:reconcile', '--since=2026-01-01', '--json'], variables)
    assert.deepEqual(JSON.parse(again.stdout), { seen: 3, posted: 0, healed: 0 })
  })

  test('says in one line why it cannot', async ({ assert }) => {
    for (const [variables, says] of [
      [{}, 'No Stripe key is set'],
      [{ STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_API_BASE: 'http://127.0.0.1:9' }, 'Stripe does not answer'],
    ] as const) {
      const { code, stdout, stderr } = await runCommand(['stripe:reconcile', '--json'], {
        ...home.variables,
        ...variables,
      })
      assert.equal(code, 1)
      assert.equal(stdout, '')
      assert.include(stderr, says)
      assert.lengthOf(stderr.trim().split('\n'), 1)
    }
  })
})
