import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Claim from '#claims/models/claim'
import Letter from '#letters/models/letter'
import { SendEre } from '#registered_mail/ere/actions/send_ere'
import { mintEreLink } from '#registered_mail/ere/links'
import Ere from '#registered_mail/ere/models/ere'
import User from '#users/models/user'
import { SIGN_IN } from './story.js'

/**
 * A letter sent electronically to a business that has not answered, for whoever looks to accept and sign: its
 * first letter is posted, and bears a code. The notice waits for the hours in which people may be written to; the
 * link given here is another, which works at once.
 */
export async function letterToSign(say: (line: string) => void): Promise<string> {
  const claims = await Claim.query()
    .where({ status: 'active', kind: 'b2b' })
    .where('paid_cents', 0)
    .where('limitation_on', '>', clock.today())
    .orderBy('oldest_due_on', 'desc')
    .preload('debtor', (debtor) => debtor.preload('contactPoints'))
  const claim = claims.find(({ debtor }) => debtor.contactPoints.some(({ kind }) => kind === 'email'))
  if (!claim) throw new Error('no business is left to write to')
  const { value: email } = claim.debtor.contactPoints.find(({ kind }) => kind === 'email')!
  const collector = await User.findByOrFail('email', SIGN_IN.collector)
  const first = await Letter.query().where({ claimId: claim.id, kind: 'simple', state: 'rendered' }).first()
  await first?.dispatch({ registeredNumber: null, by: collector })
  const order = { claimId: claim.id, template: 'electronic_letter', email, userId: collector.id }
  const sent = await new SendEre().handle(order)
  if (sent.outcome !== 'sent') throw new Error(`the letter to sign was not sent: ${JSON.stringify(sent)}`)
  const { id } = await Ere.findByOrFail('letterId', sent.letter.id)
  const { url } = await transaction((trx) => mintEreLink(trx, id))
  say(
    `A letter waits to be accepted and signed electronically: ${sent.letter.ref}${first ? ` (the code of ${first.ref}, in its PDF, opens it too)` : ''}`
  )
  return url
}
