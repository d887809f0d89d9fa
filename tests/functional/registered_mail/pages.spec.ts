import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import db from '@adonisjs/lucid/services/db'
import { clock } from '#shared/clock'
import Agency from '#agency/models/agency'
import Claim from '#claims/models/claim'
import { deliverDue } from '#deliveries/deliver_due'
import type Letter from '#letters/models/letter'
import { recordFacts, workMailingFacts } from '#registered_mail/inbox'
import { factOf } from '#tests/fakes/postal_provider'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { aRenderedLetter, givenCarrier, givenRoute, mailingFor } from '#tests/fixtures/mailings'
import type User from '#users/models/user'

const numberOf = (index: number) => `2C${String(index).padStart(11, '0')}`

const send = (client: ApiClient, user: User, rows: [Letter, string][], pasted = '') =>
  client
    .post('/mailings/numbers')
    .header('content-type', 'application/x-www-form-urlencoded')
    .setup((request) => {
      const fields = rows.flatMap(([{ ref }, typed]): [string, string][] => [
        ['refs[]', ref],
        ['numbers[]', typed],
      ])
      request.request.send(new URLSearchParams([...fields, ['pasted', pasted]]).toString())
    })
    .withCsrfToken()
    .loginAs(user)
    .redirects(0)

test.group('the table of registered numbers', (group) => {
  let user: User
  group.each.setup(async () => {
    await givenAgency()
    user = await givenUser()
  })

  test('shows what waits, in the order of the pile, and not what a provider or the post has', async ({
    client,
    assert,
  }) => {
    const { restore } = givenCarrier()
    const first = await aRenderedLetter()
    const second = await aRenderedLetter()
    const plain = await aRenderedLetter('simple')
    await givenRoute('maileva')
    const carried = await aRenderedLetter()
    restore()
    const page = await client.get('/mailings/numbers').loginAs(user)
    page.assertStatus(200)
    assert.isBelow(page.text().indexOf(first.ref), page.text().indexOf(second.ref))
    for (const absent of [plain, carried]) assert.notInclude(page.text(), absent.ref)
    ;(await client.get('/letters').loginAs(user)).assertTextIncludes('Numéros des recommandés (2)')
    ;(await client.get('/').loginAs(user)).assertTextIncludes('2 recommandés attendent')
  })

  test('one send finishes many, each with its own number', async ({ client, assert }) => {
    const letters: Letter[] = []
    const creditor = await givenCreditor()
    for (let index = 0; index < 60; index++)
      letters.push(await aRenderedLetter('lrar', await givenClaim({ creditor })))
    const rows = letters.map((letter, index): [Letter, string] => [
      letter,
      index === 30 ? '' : numberOf(index),
    ])
    const response = await send(client, user, rows)
    response.assertStatus(302)
    for (const [index, letter] of letters.entries()) {
      await letter.refresh()
      assert.equal(letter.state, index === 30 ? 'rendered' : 'printed')
      assert.equal(letter.registeredNumber, index === 30 ? null : numberOf(index))
    }
    assert.containSubset((await mailingFor(letters[0]!)).serialize(), {
      provider: 'manual',
      state: 'handed_over',
      registeredNumber: numberOf(0),
      handedOverOn: clock.today(),
    })
    const again = await send(client, user, rows.slice(0, 2))
    again.assertStatus(302)
    const told = await db.from('claim_events').where('type', 'letters.dispatched').count('* as total').first()
    assert.equal(Number(told.total), 59)
  })

  test('what is wrong is told beside its row, what was typed is kept, and the good ones are done', async ({
    client,
    assert,
  }) => {
    const posted = await aRenderedLetter()
    await posted.dispatch({ registeredNumber: numberOf(7), by: user })
    const [good, short, taken, twin, otherTwin] = [
      await aRenderedLetter(),
      await aRenderedLetter(),
      await aRenderedLetter(),
      await aRenderedLetter(),
      await aRenderedLetter(),
    ]
    const response = await send(client, user, [
      [good!, ' 2c 000 000 000 01 '],
      [short!, '2C12'],
      [taken!, numberOf(7)],
      [twin!, numberOf(9)],
      [otherTwin!, '2C.000.000.000.09'],
    ])
    response.assertStatus(422)
    assert.equal((await good!.refresh()).registeredNumber, numberOf(1))
    for (const letter of [short, taken, twin, otherTwin])
      assert.equal((await letter!.refresh()).state, 'rendered')
    response.assertTextIncludes('Deux caractères puis onze chiffres')
    response.assertTextIncludes('déjà celui d’un autre courrier')
    response.assertTextIncludes('Ce numéro est sur deux lignes')
    response.assertTextIncludes('value="2C12"')
    response.assertTextIncludes('1 courrier est terminé ; 4 lignes sont à corriger')
  })

  test('a pasted list is read by reference or in the order of the table', async ({ client, assert }) => {
    const [first, second, third] = [await aRenderedLetter(), await aRenderedLetter(), await aRenderedLetter()]
    const rows: [Letter, string][] = [first!, second!, third!].map((letter) => [letter, ''])
    ;(await send(client, user, rows, `${third!.ref};${numberOf(3)}\n`)).assertStatus(302)
    assert.equal((await third!.refresh()).registeredNumber, numberOf(3))
    const left = rows.slice(0, 2)
    const partly = await send(client, user, left, `${numberOf(1)}\n${numberOf(2)}\n${numberOf(4)}`)
    partly.assertStatus(422)
    partly.assertTextIncludes('Aucun recommandé ne porte cette référence')
    assert.equal((await first!.refresh()).registeredNumber, numberOf(1))
    assert.equal((await second!.refresh()).registeredNumber, numberOf(2))
  })

  test('a stopped file’s letter has no field, and a number already used is refused on the letter’s page too', async ({
    client,
    assert,
  }) => {
    const stopped = await aRenderedLetter()
    await Claim.query().where('id', stopped.claimId).update({ status: 'disputed' })
    const page = await client.get('/mailings/numbers').loginAs(user)
    page.assertTextIncludes('À ne pas poster')
    assert.notInclude(page.text(), 'name="numbers[]"')

    const one = await aRenderedLetter()
    const other = await aRenderedLetter()
    await one.dispatch({ registeredNumber: numberOf(1), by: user })
    const dispatch = client.put(`/letters/${other.ref}/dispatch`).form({ registered_number: numberOf(1) })
    await dispatch.withCsrfToken().loginAs(user).redirects(0)
    assert.equal((await other.refresh()).state, 'rendered')
  })

  test('guests, accountants and creditors have no business there', async ({ client, assert }) => {
    const guest = await client.get('/mailings/numbers').redirects(0)
    assert.equal(guest.header('location'), '/sign-in')
    const creditor = await givenUser('creditor', { creditorId: (await givenCreditor()).id })
    for (const other of [await givenUser('accountant'), creditor]) {
      ;(await client.get('/mailings/numbers').loginAs(other)).assertStatus(403)
      ;(await send(client, other, [])).assertStatus(403)
    }
  })
})

test.group('the page of a letter that was sent', (group) => {
  let user: User
  group.each.setup(async () => {
    await givenAgency()
    user = await givenUser()
    const { restore } = givenCarrier()
    return restore
  })

  test('tells its carrier, what was said of it and its dates; the list is filtered by it', async ({
    client,
    assert,
  }) => {
    await givenRoute('maileva')
    const letter = await aRenderedLetter()
    const other = await aRenderedLetter()
    await deliverDue(clock.now())
    await recordFacts({ provider: 'maileva', heardBy: 'webhook', raw: '{}' }, [
      factOf(letter.ref, 'first_presentation', '2026-11-23'),
      factOf(letter.ref, 'unclaimed', '2026-11-28', { reason: 'N03' }),
    ])
    await workMailingFacts()
    const page = await client.get(`/letters/${letter.ref}`).loginAs(user)
    for (const said of ['Maileva', 'Non réclamé', '23/11/2026', 'N03', 'annoncé par le prestataire']) {
      page.assertTextIncludes(said)
    }
    assert.notInclude(page.text(), 'Terminer l’action', 'a provider posts it')
    const list = await client.get('/letters').qs({ mailing: 'unclaimed' }).loginAs(user)
    list.assertTextIncludes(letter.ref)
    assert.notInclude(list.text(), other.ref)
    const withProvider = await client.get('/letters').qs({ state: 'with_provider' }).loginAs(user)
    withProvider.assertTextIncludes(other.ref)
    assert.notInclude(withProvider.text(), letter.ref)
    const claim = await Claim.findOrFail(letter.claimId)
    const dossier = await client.get(`/claims/${claim.ref}`).loginAs(user)
    dossier.assertTextIncludes(`Courrier ${letter.ref} non réclamé`)
    dossier.assertTextIncludes('Non réclamé')
  })

  test('one that its provider refused is in the agenda, and taken back by hand', async ({
    client,
    assert,
  }) => {
    await givenRoute('maileva')
    const { postal, restore } = givenCarrier()
    postal.behaviour = 'refuse'
    const letter = await aRenderedLetter('simple')
    await deliverDue(clock.now())
    restore()
    ;(await client.get('/').loginAs(user)).assertTextIncludes('Courrier refusé par le prestataire')
    ;(await client.get(`/letters/${letter.ref}`).loginAs(user)).assertTextIncludes('Le poster vous-même')
    const take = () =>
      client.delete(`/letters/${letter.ref}/route`).withCsrfToken().loginAs(user).redirects(0)
    ;(await take()).assertHeader('location', `/letters/${letter.ref}`)
    assert.equal((await letter.refresh()).route, 'manual')
    ;(await take()).assertHeader('location', `/letters/${letter.ref}`)
  })

  test('what came back by post is noted once, and an address that failed is flagged', async ({
    client,
    assert,
  }) => {
    const claim = await givenClaim({ kind: 'b2c' })
    const letter = await aRenderedLetter('lrar', claim, { datedOn: '2026-11-20' })
    const note = (state: string, on: string) =>
      client
        .post(`/letters/${letter.ref}/facts`)
        .form({ state, on })
        .withCsrfToken()
        .loginAs(user)
        .redirects(0)
    await note('undeliverable', '2026-11-24')
    assert.equal((await letter.refresh()).state, 'rendered')
    await letter.dispatch({ registeredNumber: numberOf(1), by: user })
    for (const [state, on] of [
      ['delivered_signed', '2026-11-19'],
      ['delivered_signed', '2999-01-01'],
      ['printed', '2026-11-24'],
    ] as const) {
      await note(state, on)
      assert.equal((await mailingFor(letter)).state, 'handed_over', `${state} ${on}`)
    }
    await note('first_presentation', '2026-11-23')
    assert.equal((await claim.refresh()).noticeReceivedOn, '2026-11-23')
    await note('undeliverable', '2026-11-24')
    assert.equal((await mailingFor(letter)).state, 'undeliverable')
    await note('delivered_signed', '2026-11-25')
    assert.equal((await mailingFor(letter)).state, 'undeliverable', 'its end is known')
    const dossier = await client.get(`/claims/${claim.ref}`).loginAs(user)
    dossier.assertTextIncludes('adresse à corriger')
    ;(await client.get('/').loginAs(user)).assertTextIncludes(
      'Rien n’y part tant que l’adresse n’est pas corrigée'
    )
  })
})

test.group('the settings of sending letters', (group) => {
  let admin: User
  group.each.setup(async () => {
    await givenAgency()
    admin = await givenUser('admin')
  })

  test('say who carries each kind, with what options, and each step', async ({ client, assert }) => {
    const { restore } = givenCarrier()
    const page = await client.get('/settings/mail').loginAs(admin)
    page.assertStatus(200)
    page.assertTextIncludes('PRINT_FOLDER')
    const step = await db.from('scenario_steps').where('channel', 'letter').firstOrFail()
    const response = await client
      .put('/settings/mail')
      .form({
        simpleRoute: 'maileva',
        lrarRoute: 'manual',
        ereRoute: 'merci_facteur',
        lreRoute: 'ar24',
        mailColour: 'on',
        [`steps[s${step.id}]`]: 'folder',
      })
      .withCsrfToken()
      .loginAs(admin)
      .redirects(0)
    response.assertHeader('location', '/settings/mail')
    const agency = await Agency.currentOrFail()
    assert.containSubset(agency.serialize(), {
      simpleRoute: 'maileva',
      lrarRoute: 'manual',
      ereRoute: 'merci_facteur',
      lreRoute: 'ar24',
      mailColour: true,
      mailDuplex: false,
      mailAddressSheet: false,
    })
    assert.equal((await db.from('scenario_steps').where('id', step.id).firstOrFail()).route, 'folder')
    restore()
  })

  test('a route that does not exist is refused, and only an administrator sets them', async ({
    client,
    assert,
  }) => {
    const set = (user: User, lrarRoute: string, electronic = {}) =>
      client
        .put('/settings/mail')
        .form({ simpleRoute: 'manual', lrarRoute, ereRoute: 'ere', lreRoute: 'ar24', ...electronic })
        .withCsrfToken()
        .loginAs(user)
        .redirects(0)
    await set(admin, 'pigeon')
    assert.isNull((await Agency.currentOrFail()).lrarRoute)
    ;(await set(await givenUser('collector'), 'manual')).assertStatus(403)
    // Rule 47: what is not qualified carries no LRE, and AR24 no paper.
    for (const lreRoute of ['ere', 'merci_facteur', 'maileva', 'manual'])
      await set(admin, 'manual', { lreRoute })
    await set(admin, 'ar24')
    await set(admin, 'manual', { ereRoute: 'ar24' })
    const agency = await Agency.currentOrFail()
    assert.deepEqual([agency.lrarRoute, agency.ereRoute, agency.lreRoute], [null, null, null])
  })

  test('a test of the connection tells the account, the refusal, or what is missing', async ({ client }) => {
    const { postal, restore } = givenCarrier()
    const tested = async (provider: string) => {
      const path = `/settings/mail/tests/${provider}`
      return client.post(path).withCsrfToken().header('referer', '/settings/mail').loginAs(admin)
    }
    ;(await tested('maileva')).assertTextIncludes('Maileva répond : Cabinet Amiable (essai)')
    postal.behaviour = 'refuse'
    ;(await tested('maileva')).assertTextIncludes('Maileva refuse : 401 invalid client')
    restore()
    ;(await tested('ar24')).assertTextIncludes('AR24_TOKEN, AR24_PRIVATE_KEY, AR24_USER_ID')
    ;(await tested('folder')).assertTextIncludes('Dossier surveillé n’est pas réglé : PRINT_FOLDER')
    ;(await tested('pigeon')).assertStatus(404)
  })
})
