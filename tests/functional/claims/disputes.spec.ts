import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import RaiseDispute, { type RaiseDisputeInput } from '#claims/actions/raise_dispute'
import ResolveDispute from '#claims/actions/resolve_dispute'
import type Claim from '#claims/models/claim'
import Closure from '#claims/models/closure'
import Dispute, { type DisputeOutcome } from '#claims/models/dispute'
import Pause from '#claims/models/pause'
import DisputeResolved from '#claims/events/dispute_resolved'
import { clock, instantOn } from '#shared/clock'
import { readStoredFile } from '#shared/files'
import emitter from '@adonisjs/core/services/emitter'
import { givenClaim, givenUser } from '#tests/fixtures/domain'

const PDF = new TextEncoder().encode('%PDF-1.4\n%%EOF\n')

const raise = (claim: Claim, changes: Partial<RaiseDisputeInput> = {}) =>
  new RaiseDispute().handle({
    claimId: claim.id,
    reason: 'wrong_amount',
    message: 'Le montant de juin est faux.',
    invoiceIds: [],
    evidence: [],
    raisedBy: 'debtor',
    ...changes,
  })

const launched = () => givenClaim({ claim: { status: 'active', launchedOn: '2026-09-16' } })

async function answered(claim: Claim, outcome: DisputeOutcome, invoiceIds: number[] = []) {
  const user = await givenUser()
  await raise(claim, { invoiceIds })
  const dispute = await Dispute.findByOrFail('claimId', claim.id)
  const done = await new ResolveDispute().handle({
    dispute,
    outcome,
    answer: 'Nous avons relu les factures.',
    userId: user.id,
  })
  return { dispute, done, user }
}

test.group('Raising a dispute', () => {
  test('rule 41: it suspends the file, keeps the reason and joins the documents', async ({ assert }) => {
    const claim = await launched()
    const invoices = await claim.related('invoices').query()
    const done = await clock.at(instantOn('2026-11-21', 10), () =>
      raise(claim, {
        invoiceIds: [invoices[0]!.id],
        evidence: [{ name: 'bon.pdf', bytes: PDF, mediaType: 'application/pdf' }],
      })
    )

    assert.equal(done.outcome, 'raised')
    await claim.refresh()
    assert.equal(claim.status, 'disputed')
    const dispute = await Dispute.query().where('claimId', claim.id).preload('invoices').firstOrFail()
    assert.equal(dispute.answerByOn, '2026-12-07', 'fifteen days is a Sunday')
    assert.deepEqual(
      dispute.invoices.map((invoice) => invoice.id),
      [invoices[0]!.id]
    )
    const [document] = await claim.related('documents').query()
    const stored = await readStoredFile(document!.fileSha256)
    assert.deepEqual([...stored], [...PDF])
    const [event] = await claim.related('events').query().where('type', 'dispute.raised')
    assert.deepEqual(event!.detail, { reason: 'wrong_amount', files: 1 })
  })

  test('a second one while the first is open changes nothing', async ({ assert }) => {
    const claim = await launched()
    await raise(claim)
    const again = await raise(claim, { reason: 'other' })
    assert.equal(again.outcome, 'already_open')
    const disputes = await Dispute.query().where('claimId', claim.id)
    assert.lengthOf(disputes, 1)
  })

  test('an invoice of another file is never joined', async ({ assert }) => {
    const [claim, other] = [await launched(), await launched()]
    const [foreign] = await other.related('invoices').query()
    await raise(claim, { invoiceIds: [foreign!.id] })
    const dispute = await Dispute.query().where('claimId', claim.id).preload('invoices').firstOrFail()
    assert.lengthOf(dispute.invoices, 0)
  })

  test('a file with nothing due cannot be disputed', async ({ assert }) => {
    const paid = await givenClaim({ claim: { status: 'paid', paidOn: '2026-10-01' } })
    const done = await raise(paid)
    assert.equal(done.outcome, 'nothing_due')
    assert.lengthOf(await Dispute.query().where('claimId', paid.id), 0)
  })
})

test.group('Resolving a dispute', () => {
  test('rejected or withdrawn: the file goes on as before')
    .with(['rejected', 'withdrawn'] as const)
    .run(async ({ assert }, outcome) => {
      const claim = await launched()
      const { done, user } = await answered(claim, outcome)
      assert.equal(done, 'resolved')
      await claim.refresh()
      assert.equal(claim.status, 'active')
      const dispute = await Dispute.findByOrFail('claimId', claim.id)
      assert.equal(dispute.userId, user.id)
      assert.equal(dispute.outcome, outcome)
    })

  test('a paused file is paused again', async ({ assert }) => {
    const claim = await launched()
    await Pause.create({ claimId: claim.id, reason: 'vacances', createdAt: clock.now() })
    await answered(claim, 'rejected')
    await claim.refresh()
    assert.equal(claim.status, 'paused')
  })

  test('upheld for the whole file: it is closed, with the answer as its note', async ({ assert }) => {
    const claim = await launched()
    await answered(claim, 'upheld')
    await claim.refresh()
    assert.equal(claim.status, 'closed')
    const closure = await Closure.findByOrFail('claimId', claim.id)
    assert.equal(closure.reason, 'cancelled')
    assert.equal(closure.note, 'Nous avons relu les factures.')
  })

  test('upheld for some invoices: the file waits for a person', async ({ assert }) => {
    const claim = await launched()
    const [invoice] = await claim.related('invoices').query()
    await answered(claim, 'upheld', [invoice!.id])
    await claim.refresh()
    assert.equal(claim.status, 'paused')
    const pause = await Pause.findByOrFail('claimId', claim.id)
    assert.equal(pause.reason, 'dispute_upheld')
  })

  test('upheld after full payment: the file stays paid', async ({ assert }) => {
    const claim = await launched()
    await raise(claim)
    await db.from('claims').where('id', claim.id).update({ paid_on: '2026-11-20', status: 'paid' })
    const user = await givenUser()
    const dispute = await Dispute.findByOrFail('claimId', claim.id)
    await new ResolveDispute().handle({ dispute, outcome: 'upheld', answer: 'Exact.', userId: user.id })
    await claim.refresh()
    assert.equal(claim.status, 'paid')
  })

  test('the first answer stands', async ({ assert }) => {
    const claim = await launched()
    const { dispute, user } = await answered(claim, 'rejected')
    const again = await new ResolveDispute().handle({
      dispute,
      outcome: 'upheld',
      answer: 'Finalement oui.',
      userId: user.id,
    })
    assert.equal(again, 'already_resolved')
    await claim.refresh()
    assert.equal(claim.status, 'active')
  })

  test('a listener that fails undoes the answer', async ({ assert, cleanup }) => {
    const claim = await launched()
    const off = emitter.on(DisputeResolved, () => {
      throw new Error('the outbox is broken')
    })
    cleanup(off)
    await assert.rejects(() => answered(claim, 'rejected'), 'the outbox is broken')
    const dispute = await Dispute.findByOrFail('claimId', claim.id)
    assert.isNull(dispute.outcome)
    await claim.refresh()
    assert.equal(claim.status, 'disputed')
  })
})
