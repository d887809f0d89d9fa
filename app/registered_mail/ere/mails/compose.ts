import db from '@adonisjs/lucid/services/db'
import { appUrl } from '#config/app'
import { transaction } from '#shared/transaction'
import Claim from '#claims/models/claim'
import { codeSms } from '#deliveries/mails/code_sms'
import { composeMail } from '#deliveries/mails/compose_mail'
import type { EreMail, MailLocale } from '#deliveries/mails/data'
import { agencyCard } from '#deliveries/mails/debtor_mail'
import type Delivery from '#deliveries/models/delivery'
import type { Attachment, Compose } from '#deliveries/recipes'
import Letter from '#letters/models/letter'
import { headOf } from '#registered_mail/evidence/chains'
import { channelOf } from '#registered_mail/ere/code_channels'
import { CODE_MINUTES, makeCode } from '#registered_mail/ere/codes'
import { mintEreLink } from '#registered_mail/ere/links'
import Ere from '#registered_mail/ere/models/ere'
import { deadlineAfter, lastDayBefore } from '#registered_mail/ere/period'
import type { Step } from '#registered_mail/ere/queue'

/** That a letter waits, with a link of its own; the period that it tells is the one that its dispatch begins. */
export const composeNotice: Compose = async (delivery, at) =>
  notice(delivery, { reminder: false, deadlineAt: deadlineAfter(at) })

export const composeReminder: Compose = async (delivery) => {
  const { deadlineAt } = await ereOf(delivery)
  return deadlineAt ? notice(delivery, { reminder: true, deadlineAt }) : { cancel: 'superseded' }
}

async function notice(
  delivery: Delivery,
  { reminder, deadlineAt }: { reminder: boolean; deadlineAt: string }
) {
  const ere = await ereOf(delivery)
  const { letter, claim, mail, locale } = await knownOf(delivery)
  const { url } = await transaction((trx) => mintEreLink(trx, ere.id))
  const { firstLetterRef: ref, firstLetterOn: on, debtor } = claim
  return composeMail(
    'ere_notice',
    {
      ...mail,
      debtor: { civility: debtor.civility, fullName: debtor.fullName },
      recalled: ref && on && ref !== letter.ref ? { ref, on } : null,
      lastOn: lastDayBefore(deadlineAt),
      reminder,
      url,
    },
    locale
  )
}

/** Made as it leaves, so that no code waits in a queue. */
export const composeCode: Compose = async (delivery) => {
  const ere = await ereOf(delivery)
  const { mail } = await knownOf(delivery)
  const channel = channelOf(delivery)
  const code = await transaction((trx) => makeCode(trx, ere.id, channel))
  const locale: MailLocale = delivery.parameters.locale === 'en' ? 'en' : 'fr'
  if (channel === 'sms') {
    const { ref, agency } = mail
    return codeSms({ code, ref, agency: agency.name, minutes: CODE_MINUTES }, locale)
  }
  return composeMail('ere_code', { ...mail, code, minutes: CODE_MINUTES }, locale)
}

/** What has just happened; what was signed comes with its acknowledgement, to the recipient with the letter too. */
export const composeStep: Compose = async (delivery) => {
  const ere = await ereOf(delivery)
  const { letter, claim, mail, locale } = await knownOf(delivery)
  const step = delivery.parameters.step as Step
  const to = delivery.parameters.to as 'recipient' | 'creditor' | 'agency'
  const composed = await composeMail(
    'ere_step',
    {
      ...mail,
      to,
      step,
      at: delivery.createdAt,
      lastOn: ere.deadlineAt && lastDayBefore(ere.deadlineAt),
      claimRef: claim.ref,
      debtorName: claim.debtor.displayName,
      url: await addressFor(to, step, ere, letter, claim),
    },
    to === 'recipient' ? locale : 'fr'
  )
  return { ...composed, attachments: step === 'signed' ? await papersOf(ere, letter, to) : [] }
}

async function addressFor(to: string, step: Step, ere: Ere, letter: Letter, claim: Claim) {
  if (to === 'creditor') return `${appUrl}/claims/${claim.ref}`
  if (to === 'agency') return `${appUrl}/letters/${letter.ref}`
  if (step === 'refused') return null
  return (await transaction((trx) => mintEreLink(trx, ere.id))).url
}

async function papersOf(ere: Ere, letter: Letter, to: string): Promise<Attachment[]> {
  const paper = (name: string, fileSha256: string) => ({
    name,
    mediaType: 'application/pdf',
    content: { fileSha256 },
  })
  const chain = await db.from('evidence_chains').where('letter_id', letter.id).firstOrFail()
  return [
    paper(`${letter.ref}-accuse-de-reception.pdf`, ere.acknowledgementSha256!),
    ...(to === 'recipient' ? [paper(`${letter.ref}.pdf`, chain.content_sha256)] : []),
  ]
}

const ereOf = ({ letterId }: Delivery) => Ere.findByOrFail('letterId', letterId!)

async function knownOf(
  delivery: Delivery
): Promise<{ letter: Letter; claim: Claim; mail: EreMail; locale: MailLocale }> {
  const letter = await Letter.findOrFail(delivery.letterId!)
  const claim = await Claim.query().where('id', letter.claimId).preload('debtor').firstOrFail()
  const head = await headOf(db.connection(), letter.id)
  if (!head) throw new Error(`letter ${letter.ref} has no chain of evidence`)
  return {
    letter,
    claim,
    locale: claim.debtor.locale === 'en' ? 'en' : 'fr',
    mail: { agency: await agencyCard(), ref: letter.ref, depositedOn: letter.datedOn, head },
  }
}
