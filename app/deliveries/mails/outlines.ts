import type { AgencyCard, CreditorMail, DebtorMail, MailData, MailTemplate } from '#deliveries/mails/data'
import { strong, type Outline } from '#deliveries/mails/outline'
import { phoneLink, spacedSiren, type Words } from '#deliveries/mails/words'

type Outliner<T extends MailTemplate> = (data: MailData[T], words: Words) => Outline

/** What each email says. Words are in `mails.json`; here is only their order. */
export const outlines: { [T in MailTemplate]: Outliner<T> } = {
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
        fact('remaining', words.euros(data.remainingCents)),
      ],
      body: [t(data.remainingCents <= 0 ? 'creditor_notice.in_full' : 'creditor_notice.in_part')],
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
        fact('remaining', words.euros(data.remainingCents)),
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
      ],
      body: [t(`plan_notice.${data.event}.next`)],
      label: t('plan_notice.button'),
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

  invitation: (data, words) => {
    const { t } = words
    const values = { agency: data.agency.name, by: data.invitedBy ?? '', until: words.day(data.expiresAt) }
    return {
      ...frame(data.agency, words),
      subject: t('invitation.subject', values),
      preview: t('invitation.preview'),
      heading: t('invitation.heading'),
      greeting: t('greeting', { name: data.fullName }),
      before: [t(data.invitedBy ? 'invitation.lead_by' : 'invitation.lead', values)],
      body: [t('invitation.body')],
      button: personalButton(t('invitation.button'), data.url, words),
      after: [t('invitation.until', values)],
      footer: [identity(data.agency, words)],
    }
  },
}

type Said = Pick<Outline, 'subject' | 'preview' | 'heading' | 'before' | 'facts' | 'body' | 'after'>

/** Every email to a debtor recalls the letter, has one button and says who pays the agency. */
function toDebtor(data: DebtorMail, words: Words, said: Said): Outline {
  const { t } = words
  const name = [data.debtor.civility && t(`civility.${data.debtor.civility}`), data.debtor.fullName]
  const creditor = [strong(data.creditor.name), ...data.creditor.addressLines].join(', ')
  return {
    ...frame(data.agency, words),
    ...said,
    greeting: data.debtor.fullName
      ? t('greeting', { name: name.filter(Boolean).join(' ') })
      : t('greeting_company'),
    recall: [
      t('recall.letter', { ref: strong(data.letter.ref), on: strong(words.date(data.letter.on)) }),
      t('recall.creditor', { creditor }),
    ],
    button: personalButton(t('debtor.button'), data.link, words),
    footer: [`${identity(data.agency, words)} ${t('footer.paid_by', { creditor: data.creditor.name })}`],
    links: [{ label: t('footer.rights'), url: `${data.link}#rights` }],
  }
}

function toCreditor(data: CreditorMail, words: Words, { label, ...said }: Said & { label: string }): Outline {
  return {
    ...frame(data.agency, words),
    ...said,
    greeting: words.t('greeting_company'),
    button: data.url ? { label, url: data.url } : undefined,
    footer: [identity(data.agency, words)],
  }
}

/** A link that opens somebody's own page without a password. */
const personalButton = (label: string, url: string, { t }: Words) => ({
  label,
  url,
  copy: t('footer.copy'),
  personal: t('footer.personal'),
})

function frame(agency: AgencyCard, { t }: Words): Pick<Outline, 'agency' | 'signature' | 'links' | 'colon'> {
  return {
    agency,
    signature: { name: agency.signatoryName, phone: phoneLink(agency.phone) },
    colon: t('colon'),
    links: [],
  }
}

/** R124-4: name, seat and the statement that it carries on "une activité de recouvrement amiable". */
function identity(agency: AgencyCard, { t }: Words): string {
  const who = [
    agency.name,
    agency.legalForm,
    agency.siren && `SIREN\u00a0${spacedSiren(agency.siren)}`,
    ...agency.addressLines,
  ]
  return t('footer.identity', { agency: who.filter(Boolean).join(', ') })
}

function whatComesNext(data: MailData['confirmation'], { t, date }: Words): string {
  if (data.act === 'dispute') return t('confirmation.dispute.next', { creditor: data.creditor.name })
  const on = data.wantedOn ? date(data.wantedOn) : null
  if (data.act === 'time') return on ? t('confirmation.time.next_on', { on }) : t('confirmation.time.next')
  return on
    ? t('confirmation.callback.next_on', { on, slot: data.slot ?? '' }).replace(/\s+\./, '.')
    : t('confirmation.callback.next')
}
