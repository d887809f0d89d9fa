import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addMinutes, clock } from '#shared/clock'
import { readStoredFile, sha256 } from '#shared/files'
import Agency from '#agency/models/agency'
import Claim from '#claims/models/claim'
import ClaimEvent from '#claims/models/claim_event'
import Delivery from '#deliveries/models/delivery'
import { SettleDelivery } from '#deliveries/actions/settle_delivery'
import { deliverDue } from '#deliveries/deliver_due'
import { useCarrier } from '#registered_mail/carriers'
import { PostByHand } from '#registered_mail/actions/post_by_hand'
import Mailing from '#registered_mail/models/mailing'
import { folderProvider } from '#registered_mail/providers/folder'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { aRenderedLetter, givenCarrier, givenRoute, mailingFor } from '#tests/fixtures/mailings'

const printOf = (letterId: number) => Delivery.query().where({ letterId, channel: 'print' }).first()

test.group('a rendered letter and its route', (group) => {
  group.each.setup(async () => {
    await givenAgency()
    const { restore } = givenCarrier('maileva')
    return restore
  })

  test('by hand nothing leaves: no mailing and no row in the outbox', async ({ assert }) => {
    const letter = await aRenderedLetter()
    assert.equal(letter.route, 'manual')
    assert.isNull(await printOf(letter.id))
    assert.isNull(await Mailing.findBy('letterId', letter.id))
  })

  test('with a provider it has its mailing and its row in the transaction that rendered it', async ({
    assert,
  }) => {
    await givenRoute('maileva')
    const letter = await aRenderedLetter()
    assert.equal(letter.route, 'maileva')
    const mailing = await mailingFor(letter)
    const address = await db.from('addresses').orderBy('id', 'desc').firstOrFail()
    assert.containSubset(mailing.serialize(), { kind: 'lrar', provider: 'maileva', state: 'queued' })
    assert.equal(mailing.addressId, Number(address.id))
    const delivery = (await printOf(letter.id))!
    assert.containSubset(delivery.serialize(), {
      state: 'queued',
      route: 'maileva',
      recipient: '44000 NANTES',
    })
    assert.equal(delivery.key, `letter:${letter.id}:print`)
  })

  test('each kind has its own, and a step of a scenario says otherwise', async ({ assert }) => {
    await (await Agency.currentOrFail()).merge({ lrarRoute: 'maileva', simpleRoute: null }).save()
    assert.equal((await aRenderedLetter('simple')).route, 'manual')
    assert.equal((await aRenderedLetter('lrar')).route, 'maileva')

    const claim = await givenClaim()
    const step = await db.from('scenario_steps').where('channel', 'letter').firstOrFail()
    await db.from('scenario_steps').where('id', step.id).update({ route: 'folder' })
    const [campaign] = await db
      .insertQuery()
      .table('campaigns')
      .insert({
        ref: 'C-TEST',
        creditor_id: claim.creditorId,
        scenario_id: step.scenario_id,
        kind: claim.kind,
        name: 'test',
        state: 'running',
        launched_on: clock.today(),
        created_at: clock.now(),
      })
      .returning('id')
    const [action] = await db
      .insertQuery()
      .table('actions')
      .insert({
        campaign_id: campaign.id ?? campaign,
        claim_id: claim.id,
        step_id: step.id,
        person_id: claim.debtorId,
        position: 1,
        channel: 'letter',
        mode: 'automatic',
        planned_on: clock.today(),
        state: 'done',
      })
      .returning('id')
    const letter = await aRenderedLetter('simple', claim, { actionId: Number(action.id ?? action) })
    assert.equal(letter.route, 'folder')
  })
})

test.group('a letter given to a provider', (group) => {
  let postal: ReturnType<typeof givenCarrier>['postal']

  group.each.setup(async () => {
    await givenAgency()
    await givenRoute('maileva')
    const carrier = givenCarrier('maileva')
    postal = carrier.postal
    return carrier.restore
  })

  test('leaves once, whole, and waits for what the provider says', async ({ assert }) => {
    const letter = await aRenderedLetter()
    assert.containSubset(await deliverDue(clock.now()), { sent: 1 })
    assert.containSubset(await deliverDue(addMinutes(clock.now(), 600)), { sent: 0 })
    assert.equal(postal.taken.size, 1)
    const [order] = postal.taken.values()
    assert.containSubset(order, {
      key: `letter:${letter.id}:print`,
      kind: 'lrar',
      reference: letter.ref,
      sender: ['Cabinet Amiable', '12 rue des Archives', '75004 PARIS'],
      recipient: ['ATELIER BRUME', 'Madame Hélène Brume', '14 RUE DES CARMES', '44000 NANTES'],
      recipientIsPerson: false,
      pages: 2,
      options: { duplex: true, addressSheet: false, colour: false },
    })
    assert.equal(sha256(order!.pdf), letter.fileSha256)
    const mailing = await mailingFor(letter)
    assert.equal(mailing.state, 'provider_accepted')
    assert.equal(mailing.providerRef, `prov-${letter.ref}`)
    assert.equal((await letter.refresh()).state, 'rendered', 'taken is not posted')
  })

  test('a lost answer is asked again under the same key, and makes one letter', async ({ assert }) => {
    const letter = await aRenderedLetter()
    postal.behaviour = 'lose_answer'
    assert.containSubset(await deliverDue(clock.now()), { retried: 1 })
    postal.behaviour = 'take'
    assert.containSubset(await deliverDue(addMinutes(clock.now(), 5)), { sent: 1 })
    assert.equal(postal.submits, 2)
    assert.equal(postal.taken.size, 1)
    assert.equal((await mailingFor(letter)).state, 'provider_accepted')
  })

  test('one that honours no key is never asked twice: a person settles it', async ({ assert }) => {
    const unkeyed = givenCarrier('merci_facteur', false)
    try {
      await givenRoute('merci_facteur')
      const letter = await aRenderedLetter()
      unkeyed.postal.behaviour = 'lose_answer'
      assert.containSubset(await deliverDue(clock.now()), { uncertain: 1 })
      assert.containSubset(await deliverDue(addMinutes(clock.now(), 600)), { sent: 0 })
      assert.equal(unkeyed.postal.submits, 1)
      assert.equal((await mailingFor(letter)).state, 'queued')
      assert.isFalse(await new PostByHand().handle({ ref: letter.ref, by: await givenUser() }))
      const delivery = (await printOf(letter.id))!
      const by = await givenUser()
      assert.isTrue(await new SettleDelivery().handle({ delivery, settlement: 'abandoned', userId: by.id }))
      assert.equal((await mailingFor(letter)).state, 'cancelled')
      assert.isTrue(await new PostByHand().handle({ ref: letter.ref, by }))
      assert.equal((await letter.refresh()).route, 'manual')
    } finally {
      unkeyed.restore()
    }
  })

  test('a provider that is down holds back its own letters only', async ({ assert }) => {
    const folder = await mkdtemp(join(tmpdir(), 'amiable-printer-'))
    useCarrier('folder', { provider: folderProvider(folder), webhook: null, missing: [] })
    try {
      const stuck = await aRenderedLetter()
      postal.submit = async () => ({ kind: 'unreachable', reason: 'ECONNREFUSED' })
      await givenRoute('folder')
      const free = await aRenderedLetter()
      assert.containSubset(await deliverDue(clock.now()), { sent: 1, deferred: 1 })
      assert.equal((await mailingFor(free)).state, 'sent')
      assert.equal((await mailingFor(stuck)).state, 'queued')
    } finally {
      useCarrier('folder', { provider: null, webhook: null, missing: ['PRINT_FOLDER'] })
      await rm(folder, { recursive: true })
    }
  })

  test('refused for good, a person may mend and send it again, or post it by hand, not both', async ({
    assert,
  }) => {
    const letter = await aRenderedLetter()
    const by = await givenUser()
    postal.behaviour = 'refuse'
    await deliverDue(clock.now())
    const refused = await mailingFor(letter)
    assert.equal(refused.state, 'provider_rejected')
    assert.match(refused.reason!, /422 the address is refused/)

    postal.behaviour = 'take'
    const delivery = (await printOf(letter.id))!
    await new SettleDelivery().handle({ delivery, settlement: 'again', userId: by.id })
    assert.isFalse(await new PostByHand().handle({ ref: letter.ref, by }), 'it may be leaving')
    await deliverDue(clock.now())
    assert.containSubset((await mailingFor(letter)).serialize(), {
      state: 'provider_accepted',
      reason: null,
      providerRef: `prov-${letter.ref}`,
    })
    assert.isFalse(await new PostByHand().handle({ ref: letter.ref, by }))
  })

  test('taken back by hand, it does not leave when somebody sends it again', async ({ assert }) => {
    const letter = await aRenderedLetter('simple')
    const by = await givenUser()
    postal.behaviour = 'refuse'
    await deliverDue(clock.now())
    assert.isTrue(await new PostByHand().handle({ ref: letter.ref, by }))
    postal.behaviour = 'take'
    const delivery = (await printOf(letter.id))!
    await new SettleDelivery().handle({ delivery, settlement: 'again', userId: by.id })
    assert.containSubset(await deliverDue(clock.now()), { cancelled: 1 })
    assert.equal(postal.taken.size, 0)
    await letter.refresh()
    assert.equal(await letter.dispatch({ registeredNumber: null, by }), 'posted')
    assert.containSubset((await mailingFor(letter)).serialize(), { provider: 'manual', state: 'handed_over' })
  })

  test('a file paid, stopped or without mandate meanwhile keeps it back', async ({ assert }) => {
    for (const [status, reason] of [
      ['paid', 'claim_paid'],
      ['disputed', 'claim_disputed'],
      ['paused', 'claim_paused'],
      ['closed', 'claim_closed'],
    ] as const) {
      const letter = await aRenderedLetter()
      await Claim.query().where('id', letter.claimId).update({ status })
      await deliverDue(clock.now())
      assert.equal((await printOf(letter.id))!.reason, reason)
      assert.equal((await mailingFor(letter)).state, 'cancelled', status)
      assert.containSubset((await letter.refresh()).serialize(), { state: 'cancelled', failure: reason })
      const claim = await Claim.findOrFail(letter.claimId)
      assert.isNull(claim.firstLetterRef, 'a letter that reached nobody is recalled by none')
    }
    assert.equal(postal.submits, 0)

    const waiting = await aRenderedLetter()
    await db.from('mandates').update({ ends_on: '2026-01-31' })
    assert.containSubset(await deliverDue(clock.now()), { deferred: 1 })
    assert.equal((await printOf(waiting.id))!.reason, 'mandate_missing')
    await (await Agency.currentOrFail()).merge({ insuranceValidUntilOn: '2026-02-01' }).save()
    assert.containSubset(await deliverDue(addMinutes(clock.now(), 3 * 24 * 60)), { deferred: 1 })
    assert.equal((await printOf(waiting.id))!.reason, 'insurance_expired')
    assert.equal(postal.submits, 0)
  })

  test('an address from which a letter came back, or that was corrected, keeps it back', async ({
    assert,
  }) => {
    for (const column of ['undeliverable_at', 'replaced_at']) {
      const letter = await aRenderedLetter()
      const { addressId } = await mailingFor(letter)
      await db
        .from('addresses')
        .where('id', addressId!)
        .update({ [column]: clock.now() })
      await deliverDue(clock.now())
      assert.containSubset((await letter.refresh()).serialize(), {
        state: 'failed',
        failure: 'address_undeliverable',
      })
    }
    assert.equal(postal.submits, 0)
  })

  test('a letter whose date is too old is not sent: another is written', async ({ assert }) => {
    const letter = await aRenderedLetter()
    await deliverDue(addMinutes(clock.now(), 9 * 24 * 60))
    assert.containSubset((await letter.refresh()).serialize(), { state: 'failed', failure: 'letter_too_old' })
    assert.equal(postal.submits, 0)
  })

  test('while a debit is in progress it waits for the bank', async ({ assert }) => {
    const letter = await aRenderedLetter()
    const claim = await Claim.findOrFail(letter.claimId)
    await db.table('payment_attempts').insert({
      key: 'debit',
      request: '{}',
      expires_at: clock.now(),
      claim_id: claim.id,
      amount_cents: 100,
      state: 'processing',
      created_at: clock.now(),
      updated_at: clock.now(),
    })
    await deliverDue(clock.now())
    assert.equal((await printOf(letter.id))!.reason, 'payment_in_progress')
    assert.equal(postal.submits, 0)
  })
})

test.group('the folder of a printer', (group) => {
  let folder: string

  group.each.setup(async () => {
    await givenAgency()
    await givenRoute('folder')
    folder = await mkdtemp(join(tmpdir(), 'amiable-printer-'))
    useCarrier('folder', { provider: folderProvider(folder), webhook: null, missing: [] })
    return async () => {
      useCarrier('folder', { provider: null, webhook: null, missing: ['PRINT_FOLDER'] })
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('has the stored PDF and what to do with it, under whole names only', async ({ assert }) => {
    const letter = await aRenderedLetter()
    assert.containSubset(await deliverDue(clock.now()), { sent: 1 })
    assert.deepEqual((await readdir(folder)).sort(), ['.taken', `${letter.ref}.json`, `${letter.ref}.pdf`])
    const pdf = await readFile(join(folder, `${letter.ref}.pdf`))
    assert.isTrue(pdf.equals(await readStoredFile(letter.fileSha256!)))
    const manifest = JSON.parse(await readFile(join(folder, `${letter.ref}.json`), 'utf8'))
    assert.deepEqual(manifest, {
      key: `letter:${letter.id}:print`,
      reference: letter.ref,
      kind: 'lrar',
      file: `${letter.ref}.pdf`,
      sha256: letter.fileSha256,
      pages: 2,
      recipient: ['ATELIER BRUME', 'Madame Hélène Brume', '14 RUE DES CARMES', '44000 NANTES'],
      sender: ['Cabinet Amiable', '12 rue des Archives', '75004 PARIS'],
      options: { duplex: true, addressSheet: false, colour: false },
    })
    await letter.refresh()
    assert.equal(letter.state, 'printed')
    assert.equal((await mailingFor(letter)).state, 'sent')
    const events = await ClaimEvent.query().where('claimId', letter.claimId).orderBy('id')
    assert.deepEqual(
      events.map(({ type }) => type).filter((type) => /deliveries|mailings/.test(type)),
      ['deliveries.sent']
    )
  })

  test('given again after the printer took the files away, the letter is not printed twice', async ({
    assert,
  }) => {
    const letter = await aRenderedLetter()
    const order = {
      key: 'k',
      kind: 'lrar' as const,
      reference: letter.ref,
      sender: [],
      recipient: ['A', '44000 NANTES'],
      recipientIsPerson: false,
      email: null,
      pdf: Buffer.from('%PDF'),
      pages: 1,
      options: { duplex: true, addressSheet: false, colour: false },
    }
    const provider = folderProvider(folder)
    assert.deepEqual(await provider.submit(order, () => true), { kind: 'sent', providerRef: letter.ref })
    await rm(join(folder, `${letter.ref}.pdf`))
    await rm(join(folder, `${letter.ref}.json`))
    assert.deepEqual(await provider.submit(order, () => true), { kind: 'sent', providerRef: letter.ref })
    assert.deepEqual(await readdir(folder), ['.taken'])
    const other = await provider.submit({ ...order, pdf: Buffer.from('%PDF other') }, () => true)
    assert.equal(other.kind, 'permanent')
    assert.deepEqual(await provider.submit({ ...order, reference: 'L-2' }, () => false), { kind: 'withheld' })
    assert.equal((await provider.submit({ ...order, reference: '../x' }, () => true)).kind, 'permanent')
    assert.deepEqual(await readdir(folder), ['.taken'])
  })

  test('a folder that cannot be written makes the letters wait, and says so when tested', async ({
    assert,
  }) => {
    const broken = folderProvider(join(folder, 'file', 'inside'))
    const { writeFile } = await import('node:fs/promises')
    await writeFile(join(folder, 'file'), 'not a folder')
    useCarrier('folder', { provider: broken, webhook: null, missing: [] })
    const letter = await aRenderedLetter()
    assert.containSubset(await deliverDue(clock.now()), { deferred: 1 })
    assert.equal((await mailingFor(letter)).state, 'queued')
    const said = await broken.test()
    assert.isFalse(said.ok)
    assert.match((said as { reason: string }).reason, /ENOTDIR/)
    assert.deepEqual(await folderProvider(folder).test(), { ok: true, account: folder })
  })
})
