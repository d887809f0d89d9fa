/** GSM 03.38 (3GPP TS 23.038, 6.2.1): its alphabet, and what costs an escape besides. */
const GSM =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const GSM_ESCAPED = '\f^{}\\[~]|€'

/** How many septets, or UTF-16 units, one SMS holds alone, and each of several joined. */
const ROOM = { gsm: { alone: 160, joined: 153 }, ucs2: { alone: 70, joined: 67 } } as const

const isGsm = (sign: string) => GSM.includes(sign) || GSM_ESCAPED.includes(sign)

const SPELLED: Record<string, string> = {
  '’': "'",
  '\u00a0': ' ',
  '\u202f': ' ',
  '«': '"',
  '»': '"',
  '…': '...',
  œ: 'oe',
  Œ: 'OE',
}

/** A French text in signs that a telephone takes at full length: some accents go, no letter does. */
export const inPlainSigns = (text: string) =>
  [...text].map((sign) => (isGsm(sign) ? sign : (SPELLED[sign] ?? withoutAccent(sign)))).join('')

const withoutAccent = (sign: string) => sign.normalize('NFD').replace(/\p{M}/gu, '')

export interface SmsLength {
  /** `ucs2` as soon as one character is outside GSM 03.38: an apostrophe ’, a ê, a no-break space. */
  encoding: 'gsm' | 'ucs2'
  segments: number
}

/** How a text travels, and as how many SMS it is charged. No character is cut between two. */
export function smsLength(text: string): SmsLength {
  const characters = [...text]
  const encoding = characters.every(isGsm) ? 'gsm' : 'ucs2'
  const widths = characters.map((one) => (encoding === 'ucs2' ? one.length : GSM.includes(one) ? 1 : 2))
  return { encoding, segments: segmentsOf(widths, ROOM[encoding]) }
}

function segmentsOf(widths: number[], { alone, joined }: { alone: number; joined: number }): number {
  if (widths.reduce((sum, width) => sum + width, 0) <= alone) return 1
  let [segments, left] = [1, joined]
  for (const width of widths) {
    if (width > left) [segments, left] = [segments + 1, joined]
    left -= width
  }
  return segments
}
