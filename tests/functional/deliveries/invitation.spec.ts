import { test } from '@japa/runner'
import { simpleParser } from 'mailparser'
import { addMinutes, clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Delivery from '#deliveries/models/delivery'
import { deliverDue } from '#deliveries/deliver_due'
import { keptMessage } from '#deliveries/queries/kept_message'
import AcceptInvitation from '#users/actions/accept_invitation'
import Invitation from '#users/models/invitation'
import { givenAgency, givenUser } from '#tests/fixtures/domain'

const soon = () => addMinutes(clock.now(), 1)

async function givenInvitation() {
  await givenAgency()
  const user = await givenUser('collector', { password: null, email: 'lea@exemple.fr' })
  const shown = await transaction((trx) => Invitation.issue(trx, user))
  return { user, shown, delivery: () => Delivery.findByOrFail('recipe', 'users.invitation') }
}

/** The token in the email's link. */
async function emailed(delivery: Delivery) {
  const { bytes } = (await keptMessage(delivery))!
  const { text } = await simpleParser(bytes)
  return /\/invitations\/([\w-]{43})/.exec(text!)![1]!
}

test.group('An invitation by email', () => {
  test('the email has a link of its own, which lets the person choose a password', async ({ assert }) => {
    const { user, shown, delivery } = await givenInvitation()
    await deliverDue(soon())
    const queued = await delivery()
    assert.containSubset(queued.serialize(), { state: 'sent', recipient: 'lea@exemple.fr' })
    const token = await emailed(queued)
    assert.notEqual(token, shown)
    const accepted = await new AcceptInvitation().handle({ token, password: 'a long enough phrase' })
    assert.equal(accepted!.id, user.id)
  })

  test('of the link on the screen and the one in the email, one use ends both: {$self}')
    .with(['screen', 'email'] as const)
    .run(async ({ assert }, used) => {
      const { shown, delivery } = await givenInvitation()
      await deliverDue(soon())
      const links = { screen: shown, email: await emailed(await delivery()) }
      const other = used === 'screen' ? links.email : links.screen
      const password = 'a long enough phrase'
      assert.exists(await new AcceptInvitation().handle({ token: links[used], password }))
      assert.isNull(await new AcceptInvitation().handle({ token: other, password: 'somebody else' }))
    })

  test('an invitation used before the email left is not sent any more', async ({ assert }) => {
    const { shown, delivery } = await givenInvitation()
    await new AcceptInvitation().handle({ token: shown, password: 'a long enough phrase' })
    await deliverDue(soon())
    assert.containSubset((await delivery()).serialize(), { state: 'cancelled', reason: 'invitation_over' })
  })

  test('a new invitation ends the links of the former one, the emailed one too', async ({ assert }) => {
    const { user, delivery } = await givenInvitation()
    await deliverDue(soon())
    const former = await emailed(await delivery())
    await clock.at(soon(), () => transaction((trx) => Invitation.issue(trx, user)))
    const late = () => new AcceptInvitation().handle({ token: former, password: 'a long enough phrase' })
    assert.isNull(await clock.at(addMinutes(soon(), 1), late))
  })
})
