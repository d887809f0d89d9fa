/** Letters, digits and signs that every bank takes in a SEPA message (EPC217-08). */
const FORBIDDEN = /[^A-Za-z0-9/\-?:().,'+ ]/g

const INSTEAD: Record<string, string> = {
  œ: 'oe',
  Œ: 'OE',
  æ: 'ae',
  Æ: 'AE',
  ß: 'ss',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  '&': '+',
  _: '-',
  '’': "'",
  '–': '-',
  '—': '-',
}

/**
 * A text as the SEPA character set can say it, at most `length` long: accents are taken off, other
 * signs become spaces; it neither begins nor ends with a slash, nor holds two together.
 */
export function sepaText(text: string, length: number): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[œŒæÆßøØłŁđĐ&_’–—]/g, (sign) => INSTEAD[sign]!)
    .replace(FORBIDDEN, ' ')
    .replace(/\/{2,}/g, '/')
    .replace(/ {2,}/g, ' ')
    .slice(0, length)
    .replace(/^[/ ]+|[/ ]+$/g, '')
}
