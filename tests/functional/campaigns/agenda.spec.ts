import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addDays, contactDayFrom } from '#shared/calendar'
import { clock, instantOn } from '#shared/clock'
import { transaction } from '#shared/transaction'
import RaiseDispute from '#claims/actions/raise_dispute'
import Claim from '#claims/models/claim'
import Action from '#campaigns/models/action'
import { enqueue } from '#deliveries/outbox'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { actionsOf, due, givenScenario, launch, storyOf } from '#tests/fixtures/campaigns'

/** Files launched today, whose first letter waits for a person. */
async function givenWaiting(count = 1) {
  const creditor = await givenCreditor()
  const claims: Claim[] = []
  for (let index = 0; index < count; index++) claims.push(await givenClaim({ creditor }))
  await launch({ creditorId: creditor.id, on: clock.today() })
  // A launch on a Sunday or a holiday plans the letter for the next day of contact.
  await Action.query().where('position', 1).update({ state: 'to_confirm', due_at: null })
  return claims
}

const first = async (claim: Claim) => (await actionsOf(claim))[0]!

test.group('Agenda', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('everything that waits for a person is there, each with its reason and one act', async ({
    client,
    assert,
  }) => {
    const [letter, disputed, asks] = await givenWaiting(3)
    const now = clock.now()
    await new RaiseDispute().handle({
      claimId: disputed!.id,
      reason: 'already_paid',
      message: null,
      invoiceIds: [],
      evidence: [],
      raisedBy: 'debtor',
    })
    await db.table('debtor_requests').multiInsert([
      { claim_id: asks!.id, kind: 'time', wanted_on: addDays(clock.today(), 9), created_at: now },
      { claim_id: asks!.id, kind: 'callback', phone: '+33612345678', slot: 'morning', created_at: now },
    ])
    await db
      .from('contact_points')
      .where('debtor_id', asks!.debtorId)
      .where('kind', 'email')
      .update({ bounced_at: now })
    await transaction((trx) =>
      enqueue(trx, {
        key: 'lost',
        recipe: 'campaigns.reminder',
        recipient: 'lost@exemple.fr',
        claimId: asks!.id,
      })
    )
    await db.from('deliveries').where('key', 'lost').update({ state: 'uncertain' })

    const page = await client.get('/').loginAs(await givenUser())
    page.assertStatus(200)
    for (const words of [
      'À confirmer',
      letter!.ref,
      'Premier courrier',
      'J’ai déjà payé',
      'Demandes de délai',
      'Rappels demandés',
      'E-mail refusé',
      'Envois incertains',
      'lost@exemple.fr',
    ]) {
      assert.include(page.text(), words)
    }
  })

  test('a group is shown alone, by pages of fifty', async ({ client, assert }) => {
    const claims = await givenWaiting(52)
    const user = await givenUser()
    const short = await client.get('/').loginAs(user)
    assert.include(short.text(), 'Afficher les 44 autres')
    const second = await client.get('/?group=to_confirm&page=2').loginAs(user)
    const shown = claims.filter(({ ref }) => second.text().includes(ref))
    assert.lengthOf(shown, 2)
  })

  test('an empty agenda says so', async ({ client, assert }) => {
    const page = await client.get('/').loginAs(await givenUser())
    assert.include(page.text(), 'Rien ne vous attend')
  })

  test('N1: what is held back is listed with its reason and until when', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    const action = await first(claim!)
    await action.defer({ untilOn: addDays(clock.today(), 3), by: await givenUser() })
    const page = await client.get('/agenda/held?reason=by_staff').loginAs(await givenUser())
    page.assertStatus(200)
    assert.include(page.text(), claim!.ref)
    assert.include(page.text(), 'Reporté par l’agence')
    const other = await client.get('/agenda/held?reason=contact_cap').loginAs(await givenUser())
    assert.notInclude(other.text(), claim!.ref)
  })

  test('an accountant reads it and may not act; a creditor and a guest do not see it', async ({
    client,
    assert,
  }) => {
    const [claim] = await givenWaiting()
    const accountant = await givenUser('accountant')
    const page = await client.get('/').loginAs(accountant)
    page.assertStatus(200)
    assert.notInclude(page.text(), 'name="actions[]"')

    const action = await first(claim!)
    const refused = await client
      .post('/agenda/confirmations')
      .loginAs(accountant)
      .form({ only: action.id })
      .withCsrfToken()
    refused.assertStatus(403)
    const creditor = await givenUser('creditor', { creditorId: claim!.creditorId })
    const home = await client.get('/').loginAs(creditor).redirects(0)
    assert.notInclude(home.text(), claim!.ref)
    assert.equal((await client.get('/agenda/held').loginAs(creditor)).status(), 403)
    const guest = await client.get('/').redirects(0)
    assert.include(guest.header('location'), '/sign-in')
    assert.equal((await action.refresh()).state, 'to_confirm')
  })
})

test.group('Confirming', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('D9: one, those ticked, or all that the page showed', async ({ client, assert }) => {
    const claims = await givenWaiting(5)
    const user = await givenUser()
    const actions = await Promise.all(claims.map(first))
    const post = (form: object) =>
      client.post('/agenda/confirmations').loginAs(user).form(form).withCsrfToken().redirects(0)
    const states = async () => (await Promise.all(claims.map(first))).map(({ state }) => state)

    await post({ only: actions[0]!.id, actions: [actions[4]!.id] })
    assert.deepEqual(await states(), ['ready', 'to_confirm', 'to_confirm', 'to_confirm', 'to_confirm'])
    await post({ actions: [actions[1]!.id, actions[2]!.id] })
    assert.deepEqual(await states(), ['ready', 'ready', 'ready', 'to_confirm', 'to_confirm'])
    await post({ up_to: actions[3]!.id })
    assert.deepEqual(
      await states(),
      ['ready', 'ready', 'ready', 'ready', 'to_confirm'],
      'what came since waits'
    )

    const confirmed = await first(claims[1]!)
    assert.equal(confirmed.confirmedById, user.id)
    const [told] = await db
      .from('claim_events')
      .where({ claim_id: claims[1]!.id, type: 'campaign.confirmed' })
    assert.equal(told.user_id, user.id)
  })

  test('twice is once', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    const user = await givenUser()
    const { id } = await first(claim!)
    for (let times = 0; times < 2; times++) {
      await client.post('/agenda/confirmations').loginAs(user).form({ only: id }).withCsrfToken()
    }
    assert.lengthOf(
      await db.from('claim_events').where({ claim_id: claim!.id, type: 'campaign.confirmed' }),
      1
    )
  })

  test('D12: from the file’s page, and back to it', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    const user = await givenUser()
    const page = await client.get(`/claims/${claim!.ref}`).loginAs(user)
    assert.include(page.text(), 'Terminer l’action')
    const { id } = await first(claim!)
    const answer = await client
      .post('/agenda/confirmations')
      .loginAs(user)
      .form({ only: id, claim: claim!.ref })
      .withCsrfToken()
      .redirects(0)
    answer.assertHeader('location', `/claims/${claim!.ref}`)
    assert.equal((await first(claim!)).state, 'ready')
  })

  test('nothing ticked confirms nothing', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    await client
      .post('/agenda/confirmations')
      .loginAs(await givenUser())
      .form({})
      .withCsrfToken()
    assert.equal((await first(claim!)).state, 'to_confirm')
  })

  test('a hand-over is never confirmed in mass', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    const handOver = (await actionsOf(claim!)).at(-1)!
    await Action.query().where('id', handOver.id).update({ state: 'to_confirm' })
    const user = await givenUser()
    for (const form of [{ only: handOver.id }, { up_to: handOver.id }]) {
      await client.post('/agenda/confirmations').loginAs(user).form(form).withCsrfToken()
    }
    assert.equal((await handOver.refresh()).state, 'to_confirm')
    assert.equal((await Claim.findOrFail(claim!.id)).status, 'active')
  })

  test('what a person does by hand is not confirmed in mass, and is finished one by one', async ({
    client,
    assert,
  }) => {
    await givenScenario('by-hand', [
      { day: 0, channel: 'email', mode: 'manual' },
      { day: 4, channel: 'email' },
    ])
    const claim = await givenClaim({ claim: { firstLetterRef: 'L-1', firstLetterOn: '2026-11-01' } })
    await launch({ creditorId: claim.creditorId, scenario: 'by-hand', on: contactDayFrom(clock.today()) })
    await Action.query()
      .where({ claimId: claim.id, position: 1 })
      .update({ state: 'to_confirm', due_at: null })
    const user = await givenUser()
    const { id } = await first(claim)
    await client.post('/agenda/confirmations').loginAs(user).form({ up_to: id }).withCsrfToken()
    assert.equal((await first(claim)).state, 'to_confirm')

    await client.post(`/actions/${id}/completion`).loginAs(user).withCsrfToken()
    assert.deepEqual(await storyOf(claim), ['email done', 'email planned'])
    assert.isNotNull((await actionsOf(claim))[1]!.dueAt, 'the next step has its turn')
    assert.lengthOf(await db.from('contacts').where('action_id', id), 1)
    assert.lengthOf(await db.from('deliveries').where('action_id', id), 0)
  })
})

test.group('Putting off and taking out', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('put off, it waits for its day and then for a person again', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    const until = addDays(clock.today(), 5)
    await client
      .post('/agenda/deferrals')
      .loginAs(await givenUser())
      .form({ actions: [(await first(claim!)).id], until_on: until })
      .withCsrfToken()
    const action = await first(claim!)
    assert.containSubset(action.serialize(), { state: 'deferred', reason: 'by_staff' })
    assert.equal(action.plannedOn, contactDayFrom(until))
    assert.equal(action.dueAt, `${contactDayFrom(until)}T00:00:00.000Z`)
  })

  test('not to today or a day past', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    const user = await givenUser()
    for (const until of [clock.today(), '2020-01-01', 'demain']) {
      await client
        .post('/agenda/deferrals')
        .loginAs(user)
        .form({ actions: [(await first(claim!)).id], until_on: until })
        .withCsrfToken()
    }
    assert.equal((await first(claim!)).state, 'to_confirm')
  })

  test('taken out with its reason, the next step has its turn', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    await client
      .post('/agenda/skips')
      .loginAs(await givenUser())
      .form({ actions: [(await first(claim!)).id], reason: 'staff_in_talks', note: 'Rappelle lundi' })
      .withCsrfToken()
    const [letter, email] = await actionsOf(claim!)
    assert.containSubset(letter!.serialize(), { state: 'skipped', reason: 'staff_in_talks' })
    assert.isNotNull(email!.dueAt)
    const [told] = await db.from('claim_events').where({ claim_id: claim!.id, type: 'campaign.skipped' })
    assert.containSubset(JSON.parse(told.detail), { reason: 'staff_in_talks', note: 'Rappelle lundi' })
  })

  test('not without a reason, or for one of the machine’s', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    const user = await givenUser()
    for (const reason of ['', 'paid', 'because']) {
      await client
        .post('/agenda/skips')
        .loginAs(user)
        .form({ actions: [(await first(claim!)).id], reason })
        .withCsrfToken()
    }
    assert.equal((await first(claim!)).state, 'to_confirm')
  })

  test('what is over is left as it is', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    const action = await first(claim!)
    await Action.query().where('id', action.id).update({ state: 'done', due_at: null })
    const user = await givenUser()
    await client
      .post('/agenda/skips')
      .loginAs(user)
      .form({ actions: [action.id], reason: 'staff_other' })
      .withCsrfToken()
    await client
      .post('/agenda/deferrals')
      .loginAs(user)
      .form({ actions: [action.id], until_on: addDays(clock.today(), 5) })
      .withCsrfToken()
    assert.equal((await action.refresh()).state, 'done')
  })
})

test.group('One action', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('its page says where it stands and what may be done', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    const user = await givenUser()
    const page = await client.get(`/actions/${(await first(claim!)).id}`).loginAs(user)
    page.assertStatus(200)
    for (const words of [claim!.ref, 'Terminer l’action', 'Reporter', 'Écarter'])
      assert.include(page.text(), words)
    assert.equal((await client.get('/actions/999999').loginAs(user)).status(), 404)
    const creditor = await givenUser('creditor', { creditorId: claim!.creditorId })
    const { id } = await first(claim!)
    for (const answer of [
      await client.get(`/actions/${id}`).loginAs(creditor),
      await client.post(`/actions/${id}/completion`).loginAs(creditor).withCsrfToken(),
      await client.post(`/actions/${id}/hand-over`).loginAs(creditor).withCsrfToken(),
      await client
        .post('/agenda/skips')
        .loginAs(creditor)
        .form({ actions: [id] })
        .withCsrfToken(),
      await client
        .post('/agenda/deferrals')
        .loginAs(creditor)
        .form({ actions: [id] })
        .withCsrfToken(),
    ]) {
      answer.assertStatus(403)
    }
  })

  test('R29: handed over, the file is closed, and its campaign with it', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    const handOver = (await actionsOf(claim!)).at(-1)!
    await Action.query().where('id', handOver.id).update({ state: 'to_confirm' })
    const user = await givenUser()
    await client
      .post(`/actions/${handOver.id}/hand-over`)
      .loginAs(user)
      .form({ note: 'Pièces complètes' })
      .withCsrfToken()
    assert.equal((await handOver.refresh()).state, 'done')
    assert.equal((await Claim.findOrFail(claim!.id)).status, 'closed')
    const closure = await db.from('closures').where('claim_id', claim!.id).firstOrFail()
    assert.containSubset(closure, { reason: 'handed_over', note: 'Pièces complètes', user_id: user.id })
  })

  test('only a hand-over that waits can be handed over', async ({ client, assert }) => {
    const [claim] = await givenWaiting()
    const user = await givenUser()
    const [letter] = await actionsOf(claim!)
    const handOver = (await actionsOf(claim!)).at(-1)!
    for (const { id } of [letter!, handOver]) {
      await client.post(`/actions/${id}/hand-over`).loginAs(user).form({}).withCsrfToken()
    }
    assert.equal((await Claim.findOrFail(claim!.id)).status, 'active')
  })

  test('for a letter that failed another is made when a person says so, judged like any', async ({
    client,
    assert,
  }) => {
    const [claim] = await givenWaiting()
    const action = await first(claim!)
    await Action.query()
      .where('id', action.id)
      .update({ state: 'failed', reason: 'letter_failed', due_at: null })
    await db.table('letters').insert({
      ref: `${claim!.ref}-L1`,
      claim_id: claim!.id,
      action_id: action.id,
      kind: 'simple',
      template: 'first_letter',
      dated_on: clock.today(),
      state: 'failed',
      failure: 'address_incomplete',
      created_at: clock.now(),
    })
    await client
      .post(`/actions/${action.id}/completion`)
      .loginAs(await givenUser())
      .withCsrfToken()
    assert.equal((await action.refresh()).state, 'ready')
    await due(instantOn('2027-01-18', 10))
    const letters = await db.from('letters').where('claim_id', claim!.id).orderBy('id')
    assert.containSubset(letters, [
      { ref: `${claim!.ref}-L1`, state: 'cancelled', failure: 'address_incomplete', action_id: null },
      { ref: `${claim!.ref}-L2`, state: 'queued', action_id: action.id, dated_on: '2027-01-18' },
    ])
    assert.lengthOf(await db.from('contacts').where('action_id', action.id), 1)
  })
})
