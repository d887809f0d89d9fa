import { test } from '@japa/runner'
import { addDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import RaiseDispute from '#claims/actions/raise_dispute'
import Action from '#campaigns/models/action'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { actionsOf, launch } from '#tests/fixtures/campaigns'

/** A campaign of which something waits in each way, and files that could make another. */
async function givenWorkToDo() {
  await givenAgency()
  const user = await givenUser()
  const creditor = await givenCreditor()
  const claims = []
  for (let index = 0; index < 6; index++)
    claims.push(await givenClaim({ creditor, kind: index % 2 ? 'b2c' : 'b2b' }))
  await launch({ creditorId: creditor.id, on: clock.today() })
  await Action.query().where('position', 1).update({ state: 'to_confirm', due_at: null })
  await Action.query().where({ claimId: claims[0]!.id, position: 6 }).update({ state: 'to_confirm' })
  const [held] = await actionsOf(claims[1]!)
  await held!.defer({ untilOn: addDays(clock.today(), 4), by: user })
  await new RaiseDispute().handle({
    claimId: claims[2]!.id,
    reason: 'wrong_amount',
    message: 'La remise manque.',
    invoiceIds: [],
    evidence: [],
    raisedBy: 'debtor',
  })
  const other = await givenCreditor({ name: 'NOVALIS FORMATION' })
  await givenClaim({ creditor: other })
  await givenClaim({ creditor: other, kind: 'b2c' })
  await givenClaim({ creditor: other, claim: { status: 'disputed' } })
  const [action] = await actionsOf(claims[3]!)
  const [handOver] = (await actionsOf(claims[0]!)).slice(-1)
  return { user, claims, other, pages: pagesOf(other.ref, [action!.id, handOver!.id]) }
}

const pagesOf = (creditor: string, actions: number[]) => [
  '/',
  '/?group=to_confirm',
  '/agenda/held',
  ...actions.map((id) => `/actions/${id}`),
  '/campaigns',
  '/campaigns/create',
  `/campaigns/create?creditor=${creditor}`,
  `/campaigns/CA-${clock.today().slice(0, 4)}-00001`,
]

test.group('agenda and campaigns', () => {
  test('axe finds nothing and nothing is wider than a phone, in the light and in the dark')
    .with([
      { colorScheme: 'light' as const, screen: DESKTOP },
      { colorScheme: 'dark' as const, screen: PHONE },
    ])
    .run(async ({ assert, cleanup }, { colorScheme, screen }) => {
      const { user, pages } = await givenWorkToDo()
      const { page, complaints, close } = await openPage({ ...screen, colorScheme })
      cleanup(close)
      await signInAs(page, user)
      for (const path of pages) {
        const response = await page.goto(path)
        assert.equal(response!.status(), 200, path)
        await assertAccessible(page)
        await assertNoHorizontalScroll(page)
      }
      assert.deepEqual(complaints, [])
    })

  test('launch after the preview, then confirm, put off and take out from the agenda', async ({
    assert,
    cleanup,
  }) => {
    const { user, claims, other } = await givenWorkToDo()
    const { page, complaints, close } = await openPage()
    cleanup(close)
    await signInAs(page, user)

    await page.goto('/campaigns/create')
    await page.click(`a[href="/campaigns/create?creditor=${other.ref}"]`)
    await page.click('button:has-text("Lancer la campagne")')
    await page.click('dialog[open] button:has-text("Lancer la campagne")')
    await page.waitForSelector('[role="status"]:has-text("rien ne part sans votre accord")')

    await page.goto('/?group=to_confirm')
    const line = (ref: string) => page.locator('.task', { hasText: ref })
    const stateOf = async (index: number) => (await actionsOf(claims[index]!))[0]!.state

    await line(claims[3]!.ref).locator('button:has-text("Confirmer")').click()
    await page.waitForSelector('[role="status"]:has-text("Un envoi confirmé")')
    assert.equal(await stateOf(3), 'ready')

    await page.goto('/?group=to_confirm')
    await line(claims[4]!.ref).locator('input[type="checkbox"]').check()
    await page.click('.mass button:has-text("Reporter")')
    await page.click('dialog[open] button:has-text("Reporter")')
    await page.waitForSelector('[role="status"]:has-text("Un envoi reporté")')
    assert.equal(await stateOf(4), 'deferred')

    await page.goto('/?group=to_confirm')
    await line(claims[5]!.ref).locator('input[type="checkbox"]').check()
    await page.click('.mass button:has-text("Écarter")')
    await page.selectOption('dialog[open] select', 'staff_in_talks')
    await page.click('dialog[open] button:has-text("Écarter")')
    await page.waitForSelector('[role="status"]:has-text("Un envoi écarté")')
    assert.equal(await stateOf(5), 'skipped')
    assert.deepEqual(complaints, [])
  })

  test('without JavaScript, one action is confirmed from its line', async ({ assert, cleanup }) => {
    const { user, claims } = await givenWorkToDo()
    const { page, close } = await openPage({ ...DESKTOP, javaScriptEnabled: false })
    cleanup(close)
    await signInAs(page, user)
    await page.goto('/')
    await page.locator('.task', { hasText: claims[3]!.ref }).locator('button:has-text("Confirmer")').click()
    await page.waitForLoadState()
    assert.equal((await actionsOf(claims[3]!))[0]!.state, 'ready')
  })
})
