import type { EreMail, MailData } from '#deliveries/mails/data'
import { strong, type Outline } from '#deliveries/mails/outline'
import { frame, identity, personalButton } from '#deliveries/mails/outlines/frame'
import type { Outliners } from '#deliveries/mails/outlines/outliners'
import type { Words } from '#deliveries/mails/words'

/** What each email about an ERE says: references and the head of its log, never what the letter asks for. */
export const ere: Outliners<'ere_notice' | 'ere_code' | 'ere_step'> = {
  ere_notice: (data, words) => {
    const { t } = words
    const values = {
      ref: data.ref,
      agency: data.agency.name,
      on: words.date(data.depositedOn),
      last: words.date(data.lastOn),
    }
    const kind = data.reminder ? 'ere.reminder' : 'ere.notice'
    const name = [data.debtor.civility && t(`civility.${data.debtor.civility}`), data.debtor.fullName]
    return {
      ...common(data, words),
      subject: t(`${kind}.subject`, values),
      preview: t('ere.notice.preview', values),
      heading: t(`${kind}.heading`),
      greeting: data.debtor.fullName
        ? t('greeting', { name: name.filter(Boolean).join(' ') })
        : t('greeting_company'),
      before: [t(`${kind}.lead`, values)],
      ...(data.recalled
        ? {
            recall: [
              t('recall.letter', {
                ref: strong(data.recalled.ref),
                on: strong(words.date(data.recalled.on)),
              }),
            ],
          }
        : {}),
      facts: [
        ...references(data, words),
        { label: t('ere.facts.sender'), value: data.agency.name },
        { label: t('ere.facts.last_on'), value: words.date(data.lastOn) },
        ...headFact(data, words),
      ],
      body: [t('ere.notice.body'), t('ere.notice.until', values)],
      button: personalButton(t('ere.notice.button'), data.url, words),
      after: [t('ere.notice.wrong')],
    }
  },

  ere_code: (data, words) => {
    const { t } = words
    return {
      ...common(data, words),
      subject: t('ere.code.subject', { ref: data.ref }),
      preview: t('ere.code.preview'),
      heading: t('ere.code.heading'),
      greeting: t('greeting_company'),
      before: [t('ere.code.lead', { ref: data.ref, code: strong(data.code) })],
      body: [t('ere.code.body', { minutes: data.minutes })],
      after: [t('ere.code.stranger')],
    }
  },

  ere_step: (data, words) => {
    const { t } = words
    const key = data.to === 'recipient' ? `ere.yours.${data.step}` : `ere.sent.${data.step}`
    const values = {
      ref: data.ref,
      agency: data.agency.name,
      debtor: data.debtorName,
      on: words.day(data.at),
      last: data.lastOn ? words.date(data.lastOn) : '',
    }
    return {
      ...common(data, words),
      subject: t(`${key}.subject`, values),
      preview: t(`${key}.lead`, values),
      heading: t(`${key}.heading`),
      greeting: t('greeting_company'),
      before: [t(`${key}.lead`, values)],
      facts: [
        ...references(data, words),
        ...(data.to === 'recipient'
          ? []
          : [
              { label: t('ere.facts.claim'), value: data.claimRef },
              { label: t('ere.facts.recipient'), value: data.debtorName },
            ]),
        { label: t('ere.facts.at'), value: words.day(data.at) },
        ...headFact(data, words),
      ],
      body: [t(`${key}.body`, values)],
      ...(data.url ? { button: buttonOf(data, data.url, words) } : {}),
      after: [t('ere.keep')],
    }
  },
}

const buttonOf = ({ to }: MailData['ere_step'], url: string, words: Words) =>
  to === 'recipient'
    ? personalButton(words.t('ere.notice.button'), url, words)
    : { label: words.t('ere.see'), url }

function common(
  data: Pick<EreMail, 'agency'>,
  words: Words
): Pick<Outline, 'agency' | 'signature' | 'links' | 'colon' | 'footer'> {
  return { ...frame(data.agency, words), footer: [words.t('ere.label'), identity(data.agency, words)] }
}

const references = ({ ref, depositedOn }: EreMail, { t, date }: Words) => [
  { label: t('ere.facts.ref'), value: ref },
  { label: t('ere.facts.deposited_on'), value: date(depositedOn) },
]

/** What makes its reader a witness: the log cannot be rewritten behind it. */
const headFact = ({ head }: EreMail, { t }: Words) => [
  { label: t('ere.facts.head', { seq: head.seq }), value: head.hash },
]
