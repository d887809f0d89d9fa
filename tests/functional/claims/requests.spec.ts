import { test } from '@japa/runner'
import HandleRequest from '#claims/actions/handle_request'
import RecordRequest, { type RequestInput } from '#claims/actions/record_request'
import DebtorRequest from '#claims/models/debtor_request'
import { givenClaim, givenUser } from '#tests/fixtures/domain'

const record = (input: RequestInput) => new RecordRequest().handle(input)
const time = (claimId: number): RequestInput => ({
  kind: 'time',
  claimId,
  wantedOn: '2026-12-15',
  message: 'Après mon salaire.',
})

test.group('Requests of a debtor', () => {
  test('the same words again while nobody has answered are one request', async ({ assert }) => {
    const claim = await givenClaim()
    const first = await record(time(claim.id))
    const again = await record(time(claim.id))
    assert.equal(first.outcome, 'recorded')
    assert.equal(again.outcome, 'already_recorded')
    assert.equal(again.request.id, first.request.id)

    const other = await record({ ...time(claim.id), wantedOn: '2026-12-20' } as RequestInput)
    assert.equal(other.outcome, 'recorded')
    const events = await claim.related('events').query().where('type', 'request.time')
    assert.lengthOf(events, 2)
  })

  test('once handled, the same request may be made again', async ({ assert }) => {
    const claim = await givenClaim()
    const user = await givenUser()
    const { request } = await record(time(claim.id))

    assert.equal(await new HandleRequest().handle({ request, userId: user.id }), 'handled')
    assert.equal(await new HandleRequest().handle({ request, userId: user.id }), 'already_handled')
    const kept = await DebtorRequest.findOrFail(request.id)
    assert.isNotNull(kept.handledAt)
    assert.equal(kept.userId, user.id)

    const again = await record(time(claim.id))
    assert.equal(again.outcome, 'recorded')
  })

  test('a call keeps its day, its slot and its number', async ({ assert }) => {
    const claim = await givenClaim()
    const { request } = await record({
      kind: 'callback',
      claimId: claim.id,
      wantedOn: '2026-11-23',
      slot: 'morning',
      phone: '+33612345678',
      message: null,
    })
    const kept = await DebtorRequest.findOrFail(request.id)
    assert.deepInclude(kept.$attributes, { kind: 'callback', slot: 'morning', phone: '+33612345678' })
  })
})
