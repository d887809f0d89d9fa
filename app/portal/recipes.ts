import i18nManager from '@adonisjs/i18n/services/main'
import { appUrl } from '#config/app'
import { civilDateAt } from '#shared/clock'
import { transaction } from '#shared/transaction'
import DebtorRequest from '#claims/models/debtor_request'
import Dispute from '#claims/models/dispute'
import { mintLink } from '#claims/portal_link'
import { composeMail } from '#deliveries/mails/compose_mail'
import type { MailData, MailLocale } from '#deliveries/mails/data'
import { agencyCard, debtorMail } from '#deliveries/mails/debtor_mail'
import type Delivery from '#deliveries/models/delivery'
import { registerRecipe } from '#deliveries/recipes'
import { requestAnswerDay } from '#portal/answers'
import { slotHoursKey } from '#portal/contact'

const localeOf = ({ parameters }: Delivery): MailLocale => (parameters.locale === 'en' ? 'en' : 'fr')

/** A copy of what the debtor did, and what happens next. */
async function confirmation(delivery: Delivery) {
  const locale = localeOf(delivery)
  const known = await debtorMail(delivery.claimId!)
  if (!known) return { cancel: 'first_letter_pending' }
  if (!delivery.parameters.known) {
    const { agency, claimRef, letter } = known.mail
    const receivedOn = civilDateAt(delivery.createdAt)
    return composeMail('received', { agency, claimRef, recalled: letter, receivedOn }, locale)
  }
  const { url } = await transaction((trx) => mintLink(trx, delivery.claimId!, 'email'))
  return composeMail('confirmation', { ...known.mail, link: url, ...(await actOf(delivery)) }, locale)
}

type Act = Pick<MailData['confirmation'], 'act'> & Partial<Record<'wantedOn' | 'slot', string | null>>

async function actOf(delivery: Delivery): Promise<Act & { wantedOn: string | null; slot: string | null }> {
  const act = delivery.parameters.act as Act['act']
  if (act === 'dispute') return { act, wantedOn: null, slot: null }
  const { wantedOn, slot } = await DebtorRequest.findOrFail(Number(delivery.parameters.id))
  const hours = slot && i18nManager.locale(localeOf(delivery)).t(slotHoursKey(slot))
  return { act, wantedOn, slot: hours }
}

/** The creditor is told of a dispute, and of a proposal to pay later (CPCE R124-5, rule 35). */
async function creditorNotice({ parameters: { act, id } }: Delivery) {
  return act === 'dispute' ? disputeNotice(Number(id)) : timeNotice(Number(id))
}

async function disputeNotice(id: number) {
  const dispute = await Dispute.query()
    .where('id', id)
    .preload('claim', (claim) => claim.preload('debtor'))
    .firstOrFail()
  return composeMail('creditor_request', {
    ...(await noticeOf(dispute)),
    act: 'dispute',
    reason: i18nManager.locale('fr').t(`claims.disputes.reasons.${dispute.reason}`),
    answerBy: dispute.answerByOn,
  })
}

async function timeNotice(id: number) {
  const request = await DebtorRequest.query()
    .where('id', id)
    .preload('claim', (claim) => claim.preload('debtor'))
    .firstOrFail()
  return composeMail('creditor_request', {
    ...(await noticeOf(request)),
    act: 'time',
    wantedOn: request.wantedOn!,
    answerBy: requestAnswerDay(civilDateAt(request.createdAt)),
  })
}

const noticeOf = async ({ claim }: Dispute | DebtorRequest) => ({
  agency: await agencyCard(),
  url: `${appUrl}/claims/${claim.ref}`,
  claimRef: claim.ref,
  debtorName: claim.debtor.displayName,
})

/** A person has answered a dispute; the words are on the page, behind the link. */
async function disputeAnswer(delivery: Delivery) {
  const known = await debtorMail(delivery.claimId!)
  if (!known) return { cancel: 'first_letter_pending' }
  const dispute = await Dispute.findOrFail(Number(delivery.parameters.id))
  const { url } = await transaction((trx) => mintLink(trx, dispute.claimId, 'email'))
  return composeMail('answer', { ...known.mail, link: url, outcome: dispute.outcome! }, known.locale)
}

registerRecipe('portal.confirmation', confirmation)
registerRecipe('portal.creditor_notice', creditorNotice)
registerRecipe('portal.dispute_answer', disputeAnswer)
