import { clock, instantOn, type CivilDate } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { LaunchCampaign } from '#campaigns/launch/launch_campaign'
import { REMINDER } from '#campaigns/recipe_names'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { givenScenario } from '#tests/fixtures/campaigns'
import { givenAgency, givenClaim, givenCreditor } from '#tests/fixtures/domain'

/** Files of which a reminder is due on a day, each of a person of its own. */
export async function givenReminders(count: number, on: CivilDate) {
  await givenAgency({ insuranceValidUntilOn: '2099-12-31' })
  await givenScenario('reminder', [{ day: 0, channel: 'email' }])
  const creditor = await givenCreditor({ email: null })
  const files: { id: number; ref: string; email: string }[] = []
  for (let index = 0; index < count; index++) {
    const email = `debtor-${index}@exemple.fr`
    const letter = { firstLetterRef: `L-${index}`, firstLetterOn: '2026-11-02' }
    const { id, ref } = await givenClaim({ creditor, email, claim: letter })
    files.push({ id, ref, email })
  }
  const plan = {
    creditorId: creditor.id,
    target: { creditorId: creditor.id },
    scenario: 'reminder',
    on,
    userId: null,
  }
  await clock.at(instantOn(on), () => new LaunchCampaign().handle(plan))
  return files
}

/**
 * A real payment of all that is owed, in one commit. Its receipt and the creditor's notice
 * are put off: their PDF is not what is tried here.
 */
export const payInFull = (claimId: number) =>
  transaction(async (trx) => {
    const money = { claimId, method: 'cheque', amountCents: 10_000_000, receivedOn: clock.today() } as const
    await new ReceivePayment().handle({ ...money, source: `manual:${claimId}` }, trx)
    await trx
      .from('deliveries')
      .whereNot('recipe', REMINDER)
      .where('state', 'queued')
      .update({ not_before_at: '2099-01-01T00:00:00.000Z' })
  })
