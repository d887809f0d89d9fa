import type { MailData } from '#deliveries/mails/data'
import { toDebtor } from '#deliveries/mails/outlines/frame'
import type { Outliners } from '#deliveries/mails/outlines/outliners'
import type { Words } from '#deliveries/mails/words'

/** What each email to a debtor says. */
export const debtor: Outliners<
  'first_letter' | 'reminder' | 'receipt' | 'receipt_replaced' | 'confirmation' | 'answer' | 'plan' | 'offer'
> = {
  first_letter: (data, words) => {
    const { t } = words
    return toDebtor(data, words, {
      subject: t('subject', { ref: data.claimRef }),
      preview: t('first_letter.preview'),
      heading: t('first_letter.heading'),
      before: [t('first_letter.lead', { creditor: data.creditor.name })],
      body: [t(data.byPost ? 'first_letter.by_post' : 'first_letter.attached'), t('debtor.page')],
      after: [t('debtor.already')],
    })
  },

  reminder: (data, words) => {
    const { t } = words
    const values = { creditor: data.creditor.name }
    return toDebtor(data, words, {
      subject: t('subject', { ref: data.claimRef }),
      preview: t(`reminder_${data.number}.preview`),
      heading: t(`reminder_${data.number}.heading`),
      before: [t(`reminder_${data.number}.lead`, values)],
      body: [t(`reminder_${data.number}.body`, values)],
      after: [t('debtor.already')],
    })
  },

  receipt: (data, words) => {
    const { t } = words
    const values = { number: data.number, on: words.date(data.receivedOn), creditor: data.creditor.name }
    return toDebtor(data, words, {
      subject: t('receipt.subject', values),
      preview: t('receipt.preview'),
      heading: t('receipt.heading'),
      before: [t('receipt.lead', values)],
      body: [t(data.paidInFull ? 'receipt.in_full' : 'receipt.in_part')],
      after: [t('receipt.keep')],
    })
  },

  receipt_replaced: (data, words) => {
    const { t } = words
    const values = { number: data.number, former: data.formerNumber, on: words.date(data.returnedOn) }
    return toDebtor(data, words, {
      subject: t('receipt_replaced.subject', values),
      preview: t('receipt_replaced.preview'),
      heading: t('receipt_replaced.heading'),
      before: [t(`receipt_replaced.${data.corrected ? 'lead_corrected' : 'lead'}`, values)],
      body: [t('receipt_replaced.body', values)],
      after: [t(`receipt_replaced.${data.corrected ? 'mistake_corrected' : 'mistake'}`)],
    })
  },

  confirmation: (data, words) => {
    const { t } = words
    return toDebtor(data, words, {
      subject: t('subject', { ref: data.claimRef }),
      preview: t(`confirmation.${data.act}.heading`),
      heading: t(`confirmation.${data.act}.heading`),
      before: [t(`confirmation.${data.act}.lead`)],
      body: [whatComesNext(data, words)],
      after: [],
    })
  },

  answer: (data, words) => {
    const { t } = words
    return toDebtor(data, words, {
      subject: t('subject', { ref: data.claimRef }),
      preview: t('answer.preview'),
      heading: t('answer.heading'),
      before: [t('answer.lead')],
      body: [t(`answer.${data.outcome}`)],
      after: [],
    })
  },

  plan: (data, words) => {
    const { t } = words
    const values = { creditor: data.creditor.name, on: data.on ? words.date(data.on) : '' }
    return toDebtor(data, words, {
      subject: t('subject', { ref: data.claimRef }),
      preview: t(`plan.${data.event}.heading`),
      heading: t(`plan.${data.event}.heading`),
      before: [t(`plan.${data.event}.lead`, values)],
      body: [t(`plan.${data.event}.next`, values)],
      after: [],
    })
  },

  offer: (data, words) => {
    const { t } = words
    const values = { creditor: data.creditor.name, on: words.date(data.on) }
    return toDebtor(data, words, {
      subject: t('subject', { ref: data.claimRef }),
      preview: t('offer.heading'),
      heading: t('offer.heading'),
      before: [t('offer.lead', values)],
      body: [t('offer.next', values)],
      after: [],
    })
  },
}

function whatComesNext(data: MailData['confirmation'], { t, date }: Words): string {
  if (data.act === 'dispute') return t('confirmation.dispute.next', { creditor: data.creditor.name })
  const on = data.wantedOn ? date(data.wantedOn) : null
  if (data.act === 'time') return on ? t('confirmation.time.next_on', { on }) : t('confirmation.time.next')
  return on
    ? t('confirmation.callback.next_on', { on, slot: data.slot ?? '' }).replace(/\s+\./, '.')
    : t('confirmation.callback.next')
}
