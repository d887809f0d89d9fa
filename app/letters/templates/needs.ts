import type { Language } from '#letters/templates/language'

/** What a template must bear: the tags that carry it, any of these sets, or words that do. */
export interface Need {
  code: string
  rule: number
  article: string
  tags: string[][]
  /** In lower case without accents. */
  words?: Record<Language, string[]>
  /** What to add. */
  mend: Record<Language, string>
}

const same = (html: string): Record<Language, string> => ({ fr: html, en: html })

const RECALL: Need = {
  code: 'recall_missing',
  rule: 7,
  article: 'CPCE R124-4',
  tags: [['first_letter_recall'], ['first_letter_reference', 'first_letter_date']],
  mend: same('<p>#first_letter_recall</p>'),
}

/**
 * CPCE R124-4, for a letter. The head that every letter has already names the agency
 * and the creditor with their addresses, the mandate and the references.
 */
export const LETTER_NEEDS: readonly Need[] = [
  {
    code: 'activity_missing',
    rule: 4,
    article: 'CPCE R124-4, 1°',
    tags: [['activity_statement']],
    words: { fr: ['activite de recouvrement amiable'], en: ['activite de recouvrement amiable'] },
    mend: {
      fr: '<p>#activity_statement et sommes mandatés par #creditor_name, par #mandate.</p>',
      en: '<p>#activity_statement and act for #creditor_name, under the #mandate.</p>',
    },
  },
  {
    code: 'items_missing',
    rule: 4,
    article: 'CPCE R124-4, 3°',
    tags: [['items_list'], ['account_statement']],
    mend: same('<p>#items_list</p>'),
  },
  {
    code: 'balance_missing',
    rule: 8,
    article: 'CPCE R124-4, 3°',
    tags: [['balance_split'], ['account_statement']],
    mend: same('<p>#balance_split</p>'),
  },
  {
    code: 'demand_missing',
    rule: 4,
    article: 'CPCE R124-4, 4°',
    tags: [],
    words: { fr: ['mettons en demeure'], en: ['formal notice to pay'] },
    mend: {
      fr: '<p>Nous vous mettons en demeure de régler cette somme au plus tard le #deadline.</p>',
      en: '<p>This is a formal notice to pay this sum by #deadline.</p>',
    },
  },
  {
    code: 'deadline_missing',
    rule: 4,
    article: 'CPCE R124-4, 4°',
    tags: [['deadline']],
    mend: {
      fr: '<p>Ce règlement est attendu au plus tard le #deadline.</p>',
      en: '<p>This payment is expected by #deadline.</p>',
    },
  },
  {
    code: 'payment_missing',
    rule: 4,
    article: 'CPCE R124-4, 4°',
    tags: [['payment_means'], ['iban', 'payment_link'], ['iban', 'portal_link']],
    mend: same('<p>#payment_means</p>'),
  },
  {
    code: 'l111_8_missing',
    rule: 5,
    article: 'CPCE R124-4, 5°',
    tags: [['l111_8']],
    mend: same('<p>#l111_8</p>'),
  },
  RECALL,
  {
    code: 'privacy_missing',
    rule: 61,
    article: 'RGPD, art. 14',
    tags: [['privacy_notice']],
    mend: same('<p>#privacy_notice</p>'),
  },
]

/** An email, a text message or a call comes after the letter, and says which. */
export const CONTACT_NEEDS: readonly Need[] = [
  {
    ...RECALL,
    mend: {
      fr: '<p>Notre lettre #first_letter_reference du #first_letter_date vous en donne le détail.</p>',
      en: '<p>Our letter #first_letter_reference of #first_letter_date gives the details.</p>',
    },
  },
]
