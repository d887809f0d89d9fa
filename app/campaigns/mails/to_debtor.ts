import db from '@adonisjs/lucid/services/db'
import { rowsOf } from '#shared/sql'
import { transaction } from '#shared/transaction'
import { mintLink } from '#claims/portal_link'
import { composeMail } from '#deliveries/mails/compose_mail'
import { debtorMail } from '#deliveries/mails/debtor_mail'
import type { Compose } from '#deliveries/recipes'
import Letter from '#letters/models/letter'
import { collectionEmail } from '#debtors/collection_contact'
import { composeFromTemplate, emailTemplate } from '#campaigns/mails/from_template'
import Action from '#campaigns/models/action'

/** R26: one of the four reminders, or the agency's own words under that name. It recalls the first letter, and holds no amount. */
export const composeReminder: Compose = async (delivery) => {
  const action = await Action.query().where('id', delivery.actionId!).preload('step').firstOrFail()
  const known = await debtorMail(action.claimId)
  if (!known) return { cancel: 'first_letter_pending' }
  const to = await addressInUse(action.claimId)
  if (!to) return { cancel: 'email_missing' }
  const { template } = action.step
  const written = await emailTemplate(action.claimId, template, action.id)
  if (written) {
    const link = await linkTo(action.claimId)
    const about = { claimId: action.claimId, claimRef: known.mail.claimRef, link }
    const email = await composeFromTemplate(delivery, about, written)
    return 'cancel' in email ? email : { ...email, to }
  }
  const number = reminderNumber(template)
  const link = await linkTo(action.claimId)
  return { ...(await composeMail('reminder', { ...known.mail, link, number }, known.locale)), to }
}

/** The R124-4 letter itself, attached: the same file as the one on paper. */
export const composeFirstLetter: Compose = async (delivery) => {
  const letter = await Letter.findOrFail(delivery.letterId!)
  if (!letter.fileSha256 || letter.state === 'cancelled') return { cancel: 'letter_cancelled' }
  const known = await debtorMail(letter.claimId)
  if (!known) throw new Error(`claim ${letter.claimId} has a rendered letter and recalls none`)
  const to = await addressInUse(letter.claimId)
  if (!to) return { cancel: 'email_missing' }
  const link = await linkTo(letter.claimId)
  const mail = await composeMail('first_letter', { ...known.mail, link, byPost: true }, known.locale)
  const content = { fileSha256: letter.fileSha256 }
  return { ...mail, to, attachments: [{ name: `${letter.ref}.pdf`, mediaType: 'application/pdf', content }] }
}

/** As it leaves: an address that a person has corrected since is somebody else's (rule 14). */
async function addressInUse(claimId: number): Promise<string | null> {
  const [row] = await rowsOf<{ email: string | null }>(
    db.connection(),
    `select (${collectionEmail('c')}) as email from claims c where c.id = :claim`,
    { claim: claimId }
  )
  return row!.email
}

const linkTo = async (claimId: number) => (await transaction((trx) => mintLink(trx, claimId, 'email'))).url

/** @throws when a scenario names a reminder that is not written */
function reminderNumber(template: string): 1 | 2 | 3 | 4 {
  const number = Number(/^reminder_([1-4])$/.exec(template)?.[1])
  if (number === 1 || number === 2 || number === 3 || number === 4) return number
  throw new Error(`there is no reminder "${template}"`)
}
