import { strong } from '#deliveries/mails/outline'
import { frame, identity, toCreditor } from '#deliveries/mails/outlines/frame'
import type { Outliners } from '#deliveries/mails/outlines/outliners'
import type { MailData } from '#deliveries/mails/data'
import type { Words } from '#deliveries/mails/words'

/** What each email to a creditor says. */
export const creditor: Outliners<
  | 'received'
  | 'creditor_request'
  | 'acknowledgement'
  | 'launched'
  | 'creditor_notice'
  | 'return_notice'
  | 'remittance'
  | 'plan_notice'
  | 'offer_notice'
> = {
  received: (data, words) => {
    const { t } = words
    const { ref, on } = data.recalled
    return {
      ...frame(data.agency, words),
      subject: t('subject', { ref: data.claimRef }),
      preview: t('received.heading'),
      heading: t('received.heading'),
      greeting: t('greeting_company'),
      before: [t('received.lead', { on: words.date(data.receivedOn) })],
      recall: [t('recall.letter', { ref: strong(ref), on: strong(words.date(on)) })],
      body: [t('received.next')],
      after: [t('received.stranger')],
      footer: [identity(data.agency, words)],
    }
  },

  creditor_request: (data, words) => {
    const { t } = words
    const fact = (name: string, value: string) => ({ label: t(`creditor_request.${name}`), value })
    const values = { ref: data.claimRef, debtor: data.debtorName }
    return toCreditor(data, words, {
      subject: t('creditor_request.subject', values),
      preview: t(`creditor_request.lead_${data.act}`, values),
      heading: t(`creditor_request.heading_${data.act}`),
      before: [t(`creditor_request.lead_${data.act}`, values)],
      facts: [
        fact('claim', data.claimRef),
        fact('debtor', data.debtorName),
        data.act === 'dispute' ? fact('reason', data.reason) : fact('wanted_on', words.date(data.wantedOn)),
        fact('answer_by', words.date(data.answerBy)),
      ],
      body: [t(`creditor_request.next_${data.act}`)],
      label: t('creditor_request.button'),
      after: [],
    })
  },

  acknowledgement: (data, words) => {
    const { t } = words
    const fact = (name: string, value: string | number) => ({
      label: t(`acknowledgement.${name}`),
      value: String(value),
    })
    const values = { file: data.fileName, on: words.date(data.receivedOn) }
    return toCreditor(data, words, {
      subject: t('acknowledgement.subject'),
      preview: t('acknowledgement.preview', { claims: data.claims }),
      heading: t('acknowledgement.heading'),
      before: [t('acknowledgement.lead', values)],
      facts: [
        fact('rows', data.rows),
        fact('claims', data.claims),
        fact('b2b', data.b2b),
        fact('b2c', data.b2c),
        fact('merged', data.merged),
        fact('rejected', data.rejected),
        fact('starts_by', words.date(data.startsBy)),
      ],
      body: [
        t('acknowledgement.mandate', { on: words.date(data.mandateSignedOn) }),
        ...(data.rejected > 0 ? [t('acknowledgement.rejected_next', { count: data.rejected })] : []),
      ],
      label: t('acknowledgement.button'),
      after: [t('acknowledgement.mistake')],
    })
  },

  launched: (data, words) => {
    const { t } = words
    return toCreditor(data, words, {
      subject: t('launched.subject', { ref: data.campaignRef }),
      preview: t('launched.preview', { count: data.claims }),
      heading: t('launched.heading'),
      before: [t(`launched.lead_${data.kind}`, { count: data.claims })],
      facts: data.calendar.map(({ on, channel, count }) => ({
        label: words.date(on),
        value: t(`launched.${channel}`, { count }),
      })),
      body: [
        t('launched.calendar'),
        ...(data.excluded > 0 ? [t('launched.excluded', { count: data.excluded })] : []),
      ],
      label: t('launched.button'),
      after: [t('launched.next')],
    })
  },

  creditor_notice: (data, words) => {
    const { t } = words
    const fact = (name: string, value: string) => ({ label: t(`creditor_notice.${name}`), value })
    return toCreditor(data, words, {
      subject: t('creditor_notice.subject', { ref: data.claimRef }),
      preview: t('creditor_notice.preview', { debtor: data.debtorName }),
      heading: t('creditor_notice.heading'),
      before: [t('creditor_notice.lead', { debtor: data.debtorName })],
      facts: [
        fact('claim', data.claimRef),
        fact('debtor', data.debtorName),
        fact('amount', words.euros(data.amountCents)),
        fact('method', t(`methods.${data.method}`)),
        fact('received_on', words.date(data.receivedOn)),
        fact('destination', t(`destinations.${data.destination}`)),
        ...(data.remitBy ? [fact('remit_by', words.date(data.remitBy))] : []),
        fact('remaining', remaining(data, words)),
      ],
      body: [t(`creditor_notice.${outcomeOf(data)}`, { semester: data.missingSemester ?? '' })],
      label: t('creditor_notice.button'),
      after: [],
    })
  },

  return_notice: (data, words) => {
    const { t } = words
    const fact = (name: string, value: string) => ({ label: t(`return_notice.${name}`), value })
    return toCreditor(data, words, {
      subject: t('return_notice.subject', { ref: data.claimRef }),
      preview: t('return_notice.preview', { debtor: data.debtorName }),
      heading: t('return_notice.heading'),
      before: [t(`return_notice.lead_${data.how}`, { debtor: data.debtorName })],
      facts: [
        fact('claim', data.claimRef),
        fact('debtor', data.debtorName),
        fact('amount', words.euros(data.amountCents)),
        fact('returned_on', words.date(data.returnedOn)),
        fact('remaining', remaining(data, words)),
      ],
      body: [t(data.destination === 'creditor_account' ? 'return_notice.next_direct' : 'return_notice.next')],
      label: t('return_notice.button'),
      after: [],
    })
  },

  remittance: (data, words) => {
    const { t } = words
    const fact = (name: string, value: string) => ({ label: t(`remittance.${name}`), value })
    const remitted = { ref: data.ref, on: words.date(data.paidOn), until: words.date(data.untilOn) }
    const said = (name: string) =>
      t(data.direct ? `remittance.direct.${name}` : `remittance.${name}`, remitted)
    return toCreditor(data, words, {
      subject: said('subject'),
      preview: said('preview'),
      heading: said('heading'),
      before: [said('lead')],
      facts: [
        fact('ref', data.ref),
        ...(data.direct ? [] : [fact('paid_on', words.date(data.paidOn))]),
        fact(data.direct ? 'direct.collected' : 'collected', words.euros(data.collectedCents)),
        ...(data.keptCents === 0 ? [] : [fact('kept', words.euros(data.keptCents))]),
        ...(data.direct ? [] : [fact('net', words.euros(data.netCents))]),
        ...(data.invoiceNumber ? [fact('invoice', data.invoiceNumber)] : []),
      ],
      body: [t(data.invoiceNumber ? 'remittance.attached_both' : 'remittance.attached')],
      label: said('button'),
      after: [],
    })
  },

  plan_notice: (data, words) => {
    const { t } = words
    const fact = (name: string, value: string) => ({ label: t(`plan_notice.${name}`), value })
    const values = { ref: data.claimRef, debtor: data.debtorName }
    return toCreditor(data, words, {
      subject: t('plan_notice.subject', values),
      preview: t(`plan_notice.${data.event}.lead`, values),
      heading: t(`plan_notice.${data.event}.heading`),
      before: [t(`plan_notice.${data.event}.lead`, values)],
      facts: [
        fact('claim', data.claimRef),
        fact('debtor', data.debtorName),
        fact('total', words.euros(data.totalCents)),
        fact(
          'months',
          t('plan_notice.times', { months: data.months, amount: words.euros(data.monthlyCents) })
        ),
        fact('last_on', words.date(data.lastOn)),
        fact('remaining', words.euros(data.remainingCents)),
        ...(data.event === 'offered' && data.beyondReason ? [fact('beyond', data.beyondReason)] : []),
      ],
      body: [t(`plan_notice.${data.event}.next`)],
      label: t('plan_notice.button'),
      after: [],
    })
  },

  offer_notice: (data, words) => {
    const { t } = words
    const fact = (name: string, value: string) => ({ label: t(`offer_notice.${name}`), value })
    const values = { ref: data.claimRef, debtor: data.debtorName }
    return toCreditor(data, words, {
      subject: t('offer_notice.subject', values),
      preview: t('offer_notice.lead', values),
      heading: t('offer_notice.heading'),
      before: [t('offer_notice.lead', values)],
      facts: [
        fact('claim', data.claimRef),
        fact('debtor', data.debtorName),
        fact('amount', words.euros(data.amountCents)),
        fact('waived', words.euros(data.waivedCents)),
      ],
      body: [t('offer_notice.next')],
      label: t('offer_notice.button'),
      after: [],
    })
  },
}

type Remaining = Pick<MailData['creditor_notice'], 'remainingCents' | 'missingSemester'>

/** A balance that lacks the interest of a half-year is not one: it is said to be unknown, never zero. */
const remaining = ({ remainingCents, missingSemester }: Remaining, { t, euros }: Words) =>
  missingSemester ? t('creditor_notice.unknown', { semester: missingSemester }) : euros(remainingCents)

const outcomeOf = ({ remainingCents, missingSemester }: Remaining) =>
  missingSemester ? 'rate_missing' : remainingCents <= 0 ? 'in_full' : 'in_part'
