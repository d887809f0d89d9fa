import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { clock, instantOn, type Instant } from '#shared/clock'
import { MatchLine } from '#banking/actions/match_line'
import BankLine from '#banking/models/bank_line'
import BankMatchingRules from '#banking/models/bank_matching_rules'
import type Claim from '#claims/models/claim'
import { deliverDue } from '#deliveries/deliver_due'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { due, givenCampaign, playDays, storyOf } from '#tests/fixtures/campaigns'
import { aLine, importLines } from '#tests/fixtures/statements'

/** A Saturday morning; the first reminder is due. */
const REMINDED_AT = instantOn('2026-11-28', 10)
/** Five working days after the line came, and the day after. */
const LAST_HELD_AT = instantOn('2026-12-04', 10)
const FREE_AT = instantOn('2026-12-05', 10)

const deliver = (at: Instant) => clock.at(at, () => deliverDue(at, { lanes: 1 }))

/** A file whose first letter went on Tuesday, and whose first reminder is due on Saturday. */
async function givenRemindable(values: Parameters<typeof givenClaim>[0] = {}) {
  const claim = await givenClaim(values)
  await givenCampaign([claim])
  await playDays('2026-11-24', '2026-11-24')
  await deliver(instantOn('2026-11-24', 11))
  return claim
}

/** A transfer that names an invoice of the file: likely its debtor's, and no certainty. */
async function transferComes(claim: Claim, values: Parameters<typeof aLine>[0] = {}, at = REMINDED_AT) {
  const { number } = await claim.related('invoices').query().firstOrFail()
  await clock.at(at, () =>
    importLines([aLine({ label: `REGLEMENT ${number}`, amountCents: 1000, ...values })])
  )
  return BankLine.query().orderBy('id', 'desc').firstOrFail()
}

const reminderOf = (claim: Claim) =>
  db.from('deliveries').where({ claim_id: claim.id, recipe: 'campaigns.reminder' }).first()
const secondStep = async (claim: Claim) => (await storyOf(claim))[1]

const dismiss = async (line: BankLine, at = REMINDED_AT) => {
  const by = await givenUser()
  return clock.at(at, () => line.ignore({ reason: 'Le virement d’un autre', by }))
}

const match = async (line: BankLine, claim: Claim, amountCents: number, at = REMINDED_AT) => {
  const { id: userId } = await givenUser()
  const parts = [{ claimRef: claim.ref, amountCents }]
  return clock.at(at, () => new MatchLine().handle({ lineId: line.id, parts, userId }))
}

test.group('A transfer that waits for a person', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('its likely debtor is not reminded, and the reason is shown', async ({ client, assert }) => {
    const claim = await givenRemindable()
    const line = await transferComes(claim)
    assert.equal(line.state, 'suggested')
    await due(REMINDED_AT)
    assert.equal(await secondStep(claim), 'email deferred transfer_waiting')
    assert.isNull(await reminderOf(claim))
    const user = await givenUser()
    for (const address of ['/agenda/held', `/claims/${claim.ref}`]) {
      const page = await client.get(address).loginAs(user)
      page.assertTextIncludes('Un virement reçu est peut-être le sien')
    }
  })

  test('five working days later, with nobody’s answer, reminders go on', async ({ assert }) => {
    const claim = await givenRemindable()
    await transferComes(claim)
    await due(REMINDED_AT)
    await due(LAST_HELD_AT)
    assert.equal(await secondStep(claim), 'email deferred transfer_waiting')
    await due(FREE_AT)
    assert.equal(await secondStep(claim), 'email done')
  })

  test('somebody else’s money: reminders go on the next day of contact', async ({ assert }) => {
    const claim = await givenRemindable()
    const line = await transferComes(claim)
    await due(REMINDED_AT)
    await dismiss(line)
    await due(instantOn('2026-11-30', 10))
    assert.equal(await secondStep(claim), 'email done')
  })

  test('matched in full the campaign stops; a part of it does not stop the reminders', async ({ assert }) => {
    const paid = await givenRemindable({ kind: 'b2c', invoices: [{ amountCents: 1000 }] })
    const part = await givenRemindable({ kind: 'b2c', invoices: [{ amountCents: 5000 }] })
    const [first, second] = [await transferComes(paid), await transferComes(part, { amountCents: 1500 })]
    await due(REMINDED_AT)
    await match(first, paid, 1000)
    // 5 € of the line are still nobody's: the part of this file is decided all the same.
    await match(second, part, 1000)
    await due(instantOn('2026-11-30', 10))
    assert.equal(await secondStep(paid), 'email skipped paid')
    assert.equal(await secondStep(part), 'email done')
  })

  test('{moment}: {sent} reminder')
    .with([
      { moment: 'the transfer comes before the reminder is queued', comes: 'due', decided: null, sent: 0 },
      { moment: 'it comes between the queue and the wire', comes: 'queued', decided: null, sent: 0 },
      { moment: 'it comes once the reminder has left', comes: 'sent', decided: null, sent: 1 },
      { moment: 'it is set aside before the reminder is queued', comes: 'due', decided: 'due', sent: 1 },
      { moment: 'it is set aside between the queue and the wire', comes: 'due', decided: 'queued', sent: 0 },
      {
        moment: 'it comes and is set aside while the reminder waits',
        comes: 'queued',
        decided: 'queued',
        sent: 1,
      },
    ] as const)
    .run(async ({ assert }, { comes, decided, sent }) => {
      const claim = await givenRemindable()
      let line: BankLine | null = null
      const at = async (moment: 'due' | 'queued' | 'sent') => {
        if (comes === moment) line = await transferComes(claim)
        if (decided === moment) await dismiss(line!)
      }
      await at('due')
      await due(REMINDED_AT)
      await at('queued')
      await deliver(REMINDED_AT)
      await at('sent')
      const reminder = await reminderOf(claim)
      assert.equal(reminder?.state === 'sent' ? 1 : 0, sent)
      if (reminder && sent === 0) assert.equal(reminder.reason, 'transfer_waiting')

      await due(FREE_AT)
      await deliver(FREE_AT)
      const left = () =>
        db.from('deliveries').where({ claim_id: claim.id, state: 'sent' }).orderBy('id').select('key')
      const before = await left()
      // The second reminder is due that day too: one that waited gives way to it.
      const first = await reminderOf(claim)
      assert.include(['sent', 'superseded'], first.state === 'sent' ? 'sent' : first.reason)
      assert.isAbove(before.length, 1)
      await due(FREE_AT)
      await deliver(FREE_AT)
      assert.deepEqual(await left(), before)
    })

  test('an amount alone holds nobody, nor does money that is counted already, nor an agency that holds nothing', async ({
    assert,
  }) => {
    const claim = await givenRemindable({ kind: 'b2c', invoices: [{ amountCents: 77_700 }] })
    const alone = { label: 'VIREMENT', counterparty: 'QUELQU’UN', amountCents: 77_700 }
    const line = await transferComes(claim, alone)
    assert.equal(line.state, 'suggested')
    assert.lengthOf(await db.from('awaited_transfers'), 0)
    await BankMatchingRules.set({ ...(await rulesOf()), holdDays: 0 })
    await transferComes(claim)
    assert.lengthOf(await db.from('awaited_transfers'), 0)
    await due(REMINDED_AT)
    assert.equal(await secondStep(claim), 'email done')
  })

  test('set aside and looked at again, a line holds no longer than it said at first', async ({ assert }) => {
    const claim = await givenRemindable()
    const line = await transferComes(claim)
    const [held] = await db.from('awaited_transfers')
    assert.equal(held.until_on, '2026-12-04')
    await dismiss(line)
    await line.reopen()
    const { JudgeLines } = await import('#banking/actions/judge_lines')
    await clock.at(LAST_HELD_AT, () => new JudgeLines().proposeAgain())
    assert.deepEqual(await db.from('awaited_transfers'), [held])
    await due(FREE_AT)
    assert.equal(await secondStep(claim), 'email done')
  })
})

const rulesOf = async () => {
  const { byReference, byFileReference, byEndToEnd, byIbanAmount, surplus } =
    await BankMatchingRules.columns()
  return { byReference, byFileReference, byEndToEnd, byIbanAmount, surplus }
}
