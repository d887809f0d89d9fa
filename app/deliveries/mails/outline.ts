import type { AgencyCard } from '#deliveries/mails/data'

/**
 * One email before it has a form: both parts, text and HTML, are made from the
 * same outline, so that neither says what the other does not.
 */
export interface Outline {
  subject: string
  /** What a list of messages shows after the subject. */
  preview: string
  heading: string
  greeting: string
  before: string[]
  /** Set apart, with a bar beside it: the letter recalled. */
  recall?: string[]
  facts?: { label: string; value: string }[]
  /** What stands between a label and its value in the text part. */
  colon: string
  body: string[]
  /** `copy` is for those whose button does not work, in the HTML part; `personal` is said in both. */
  button?: { label: string; url: string; copy?: string; personal?: string }
  after: string[]
  signature: { name: string | null; phone: { label: string; href: string } | null }
  agency: AgencyCard
  /** Small print: one paragraph each. */
  footer: string[]
  links: { label: string; url: string }[]
}

/** Private-use characters: no word holds them. */
const OPENS = '\ue000'
const CLOSES = '\ue001'

/** Marks words to be set in bold in the HTML part. */
export const strong = (words: string) => `${OPENS}${plain(words)}${CLOSES}`

/** The words without any mark, as the text part and the subject have them. */
export const plain = (words: string) => words.replaceAll(OPENS, '').replaceAll(CLOSES, '')

/** The words as HTML: escaped first, then marked. */
export function rich(words: string, escape: (text: string) => string): string {
  return escape(words)
    .replaceAll(OPENS, '<strong class="ink" style="color:#1c2a30;">')
    .replaceAll(CLOSES, '</strong>')
}
