import { L111_8_PARAGRAPHS } from '#letters/l111_8'
import { markup, raw, type Markup } from '#letters/rendering/markup'
import { interest, interestText, invoiceTable, law, privacy } from '#letters/templates/annex'
import type { TagContext } from '#letters/templates/context'
import { ratesText } from '#letters/templates/language'
import { payment, paymentCodes } from '#letters/templates/parts'

/** A block where there is no paper: an email, its text part, the example on the page of tags. */
export interface PlainBlock {
  title?: string
  table?: { head?: string[]; rows: string[][]; foot?: string[] }
  paragraphs?: string[]
}

export interface Block {
  /** null prints nothing. */
  print(context: TagContext): Markup | null
  plain?(context: TagContext): PlainBlock
}

/** What a tag alone in its paragraph is replaced by. */
export const BLOCKS = {
  items_list: {
    print: ({ content, speech }) => invoiceTable(content.demand.invoices, speech),
    plain: itemsTable,
  },
  balance_split: { print: printedBalance, plain: balanceTable },
  account_statement: {
    print: (context) =>
      markup`${invoiceTable(context.content.demand.invoices, context.speech)}${printedBalance(context)}`,
    plain: (context) => ({
      title: context.speech.words.balance.arrested(context.speech.longDate(context.content.datedOn)),
      table: {
        head: itemsTable(context).table.head,
        rows: itemsTable(context).table.rows,
        foot: balanceTable(context).table.foot,
      },
    }),
  },
  interest_detail: {
    print: ({ content, speech }) => interest(content, speech),
    plain: ({ content, speech }) => ({
      title: speech.words.interest.title,
      paragraphs: [interestText(content, speech)],
    }),
  },
  l111_8: {
    print: ({ speech }) => law(speech),
    plain: ({ speech }) => ({ title: speech.words.law.title, paragraphs: [...L111_8_PARAGRAPHS] }),
  },
  privacy_notice: {
    print: ({ content, speech }) => privacy(content, speech),
    plain: ({ content, speech: { words } }) => ({
      title: words.privacy.title,
      paragraphs: [words.privacy.text(content.creditor.name, content.agency.email)],
    }),
  },
  payment_means: { print: ({ content, speech }) => payment(content, speech), plain: paymentTable },
  payment_qr: {
    print: ({ content, speech }) => markup`<div class="letter-codes">${paymentCodes(content, speech)}</div>`,
  },
  documents_links: {
    print: (context) => {
      const { title, paragraphs } = documents(context)
      return markup`<h3>${title}</h3>${paragraphs.map((line) => markup`<p>${line}</p>`)}`
    },
    plain: documents,
  },
  signature: {
    print: (context) => {
      const [name, title] = signature(context)
      return markup`<div class="letter-sign"><p></p><p>${name}<small>${title}</small></p></div>`
    },
    plain: (context) => ({ paragraphs: signature(context) }),
  },
  logo: {
    print: ({ logo, content, speech }) =>
      logo &&
      markup`<p class="letter-logo"><img src="${raw(`data:${logo.mediaType};base64,${logo.base64}`)}" alt="${speech.words.logo(content.agency.name)}"></p>`,
  },
} as const satisfies Record<string, Block>

export type BlockName = keyof typeof BLOCKS

function itemsTable({ content, speech: { words, date, euros } }: TagContext) {
  const { invoice, dueOn, due } = words.items
  return {
    table: {
      head: [invoice, dueOn, due],
      rows: content.demand.invoices.map((one) => [one.number, date(one.dueOn), euros(one.principalCents)]),
    },
  }
}

/** Rule 8: principal, interest, indemnity and total, each on its line. */
function balanceTable({ content: { demand }, speech: { words, euros } }: TagContext) {
  const { principal, interest: late, indemnity, total } = words.balance
  const rows = [
    [principal, euros(demand.principalCents)],
    [late, euros(demand.interestCents)],
  ]
  if (demand.indemnityCents > 0) rows.push([indemnity, euros(demand.indemnityCents)])
  return { table: { rows, foot: [total, euros(demand.totalCents)] } }
}

function printedBalance(context: TagContext): Markup {
  const { content, speech } = context
  const { demand } = content
  const { source, indemnitySource, arrested } = speech.words.balance
  const { rows, foot } = balanceTable(context).table
  const rates = demand.rates.length > 0 && `${ratesText(demand.rates, speech)}, `
  const article = demand.regime === 'late_payment' ? source.late_payment : source.legal
  const notes = [arrested(speech.date(content.datedOn)), `${rates || ''}${article}`, indemnitySource]
  return markup`<table class="letter-balance">
<tbody>
${rows.map(([name, sum], index) => markup`<tr><th scope="row">${name} <small>${notes[index]}</small></th><td class="num">${sum}</td></tr>`)}
</tbody>
<tfoot><tr><th scope="row">${foot[0]}</th><td class="num">${foot[1]}</td></tr></tfoot>
</table>`
}

function paymentTable({ content: { agency, payment: means }, speech: { words } }: TagContext) {
  const { online, transfer, reference, dedicated } = words.payment
  return {
    table: {
      rows: [
        [online, means.portalUrl],
        [transfer, `${means.iban.replace(/(.{4})(?=.)/g, '$1 ')}, ${agency.name} ${dedicated}`],
        [reference, means.reference],
      ],
    },
  }
}

function documents({ facts, content, speech: { words } }: TagContext) {
  const { title, none } = words.documents
  if (facts.documents.length === 0) return { title, paragraphs: [none] }
  return { title, paragraphs: [facts.documents.join(', '), content.payment.portalUrl] }
}

const signature = ({ content: { agency }, speech: { words } }: TagContext): [string, string] => [
  agency.signatoryName ?? agency.name,
  agency.signatoryTitle ?? words.signedBy,
]
