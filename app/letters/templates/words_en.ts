import type { fr } from '#letters/templates/words_fr'

export const en: typeof fr = {
  trade: 'Amicable debt collection',
  letter: 'Letter',
  file: 'File',
  creditor: 'Creditor',
  mandate: 'Mandate',
  mandateOf: (on) => `agreement of ${on}`,
  subject: 'Subject: ',
  signedBy: 'Amicable collection',
  salutation: 'Dear Sir or Madam',
  dated: (ref, on) => `${ref} of ${on}`,
  recall: (ref, on) => `This letter follows our letter ${ref} of ${on}.`,
  activity: 'We carry on an activity of amicable debt collection (“activité de recouvrement amiable”)',
  colon: ': ',
  rate: {
    until: (rate, on) => `${rate} until ${on}`,
    since: (rate, on) => `${rate} from ${on}`,
    between: (rate, from, until) => `${rate} from ${from} to ${until}`,
    legal: 'French legal interest rate',
  },
  items: {
    invoice: 'Invoice',
    service: 'Service',
    issuedOn: 'Issued on',
    dueOn: 'Due on',
    amount: 'Amount incl. VAT',
    paid: 'Deducted',
    due: 'Outstanding',
    days: 'Days',
    interest: 'Interest',
    total: 'Total, in euros',
  },
  balance: {
    principal: 'Principal incl. VAT',
    interest: 'Late-payment interest',
    indemnity: 'Fixed compensation',
    indemnitySource: 'article D441-5 of the French commercial code',
    total: 'Total',
    arrested: (on) => `Sum as at ${on}`,
    source: {
      late_payment: 'article L441-10 of the French commercial code',
      legal: 'article 1231-6 of the French civil code',
    },
  },
  interest: {
    title: 'How interest is computed',
    latePayment: (on, year, rate, rates) =>
      `Simple interest on the outstanding amount, from the day after the due date to ${on} included, ${year}, ${rate}: ${rates}.`,
    statutory: 'at the European Central Bank’s refinancing rate plus 10 points',
    contractual: 'at the rate of the contract',
    years: { ACT_365: 'over 365 days', ACT_ACT: 'over the actual days of the year' },
    legal:
      'Interest at the legal rate runs from receipt of the formal notice (article 1231-6 of the French civil code)',
    none: (start) => `${start}. No interest is therefore asked for to date.`,
    at: (start, year, rates) => `${start}, ${year}: ${rates}.`,
    daily: (sum) => ` Each day adds ${sum} to the total.`,
  },
  law: {
    title: 'Article L111-8 of the French code of civil enforcement procedures, paragraphs 2 and 3',
    foreword: 'The law asks for the French text itself.',
  },
  payment: {
    online: 'Online',
    transfer: 'By transfer',
    holder: 'Holder',
    bicAndHolder: 'BIC, holder',
    dedicated: '(dedicated account)',
    reference: 'Reference',
    pageCode: 'QR code of your page',
    pageCaption: 'Your page:<br>pay, answer',
    transferCode:
      'QR code of a transfer: it fills in the beneficiary, the IBAN, the amount and the reference',
    transferCaption: 'Transfer, with your<br>banking application',
  },
  privacy: {
    title: 'Your personal data',
    text: (creditor, email) =>
      `${creditor} gave us your name, contact details and invoices. We use them to handle this file, in the creditor’s legitimate interest in being paid. Our teams, ${creditor} and our mail and payment providers have access to them. They are kept until the file is closed, then archived for five years (ten for accounting records). You may access them, have them corrected or erased, restrict or object to their use: ${email ? `${email}, or at our address` : 'at our address'}. You may also complain to the CNIL (cnil.fr).`,
  },
  documents: {
    title: 'Documents to read on your page',
    none: 'The documents are given to you on request.',
  },
  mentions: {
    principal: 'Principal',
    interest: 'interest',
    indemnity: 'compensation',
    total: 'Total',
    demand: 'formal notice to pay',
  },
  logo: (name) => `Logo of ${name}`,
}
