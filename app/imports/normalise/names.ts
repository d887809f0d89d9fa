import { plainWords, tidy } from '#shared/cells'

export type Civility = 'Monsieur' | 'Madame'

const CIVILITIES = new Map<string, Civility>([
  ...['m', 'mr', 'mons', 'monsieur', 'mister', 'homme', 'h', 'herr', 'senor', 'signor'].map(
    (word) => [word, 'Monsieur'] as const
  ),
  ...[
    ...['mme', 'mde', 'madame', 'mlle', 'melle', 'mle', 'mademoiselle', 'femme', 'f', 'mrs', 'ms', 'miss'],
    ...['frau', 'senora', 'signora'],
  ].map((word) => [word, 'Madame'] as const),
])

export const readCivility = (text: string): Civility | null => CIVILITIES.get(plainWords(text)) ?? null

const LEADING_CIVILITY = /^(m\.|mr\.?|m|mme\.?|mlle\.?|melle\.?|monsieur|madame|mademoiselle)\s+(?=\S)/i

/** `M. Jean Dupont` → Monsieur, `Jean Dupont`. Two civilities (`M. et Mme`) stay in the name. */
export function splitCivility(name: string): { civility: Civility | null; name: string } {
  const found = LEADING_CIVILITY.exec(name)
  const rest = found ? name.slice(found[0].length) : name
  if (!found || /^(et|ou|&)\b/i.test(rest) || rest.length < 2) return { civility: null, name }
  return { civility: readCivility(found[1]!), name: rest }
}

/** Particles keep their lower case inside a name. */
const PARTICLES = new Set(['de', 'du', 'des', 'd', 'van', 'von', 'der', 'den', 'ten', 'et', 'ou'])

/**
 * A person's name as it is written in a letter, `Prénom Nom`. Case is given only to words that
 * have none of their own (`jean`, `DUPONT`), so `McDonald` and `de La Tour` stay; a family name
 * in capitals before the first name (`DUPONT Jean`) goes after it.
 */
export function personName(text: string): string {
  const name = firstNameFirst(tidy(text))
  const whole = name === name.toLocaleLowerCase('fr') || name === name.toLocaleUpperCase('fr')
  return name
    .split(' ')
    .map((word, index) => {
      if (!whole && !isUpper(word) && (index > 0 || !isLower(word))) return word
      if (index > 0 && PARTICLES.has(word.toLocaleLowerCase('fr'))) return word.toLocaleLowerCase('fr')
      return index > 0 && /^d['’]/i.test(word) ? `d${capitalised(word.slice(1))}` : capitalised(word)
    })
    .join(' ')
}

const isUpper = (word: string) => /\p{Lu}.*\p{Lu}/u.test(word) && !/\p{Ll}/u.test(word)
const isLower = (word: string) => /\p{Ll}/u.test(word) && !/\p{Lu}/u.test(word)

function firstNameFirst(name: string): string {
  const [family, given, ...more] = name.split(/\s*,\s*/)
  if (family && given && more.length === 0) return `${given} ${family}`
  const words = name.split(' ')
  const first = words.findIndex((word) => !isUpper(word))
  const upperLead =
    first > 0 && words.slice(first).every((word) => !isUpper(word) && /^\p{Lu}\p{Ll}/u.test(word))
  return upperLead ? [...words.slice(first), ...words.slice(0, first)].join(' ') : name
}

/** `jean-baptiste` → `Jean-Baptiste`, `L'HERMITE` → `L'Hermite`, `d'ormesson` → `d'Ormesson`. */
function capitalised(word: string): string {
  return word
    .toLocaleLowerCase('fr')
    .replace(
      /(^|[-'’.])(\p{L})/gu,
      (_, before: string, letter: string) => before + letter.toLocaleUpperCase('fr')
    )
}

const LEGAL_FORMS = /\b(SARL|SASU|SAS|EURL|SCI|SCP|SNC|SELARL|EARL|GAEC|SA|EI|EIRL|SCOP)\.(?=\s|$)/g

/** A company's name in capitals, its legal form without dots (`S.A.R.L. Nordet` → `SARL NORDET`). */
export function companyName(text: string): string {
  return tidy(text)
    .toLocaleUpperCase('fr')
    .replace(/\b(?:\p{Lu}\.){2,}\p{Lu}?(?=\s|$)/gu, (form) => form.replaceAll('.', ''))
    .replace(LEGAL_FORMS, '$1')
}

/** True when a company cell only says that there is no company. */
export const isPrivatePerson = (text: string) =>
  /^((client )?particuli(er|ere)s?|personne physique|prive|individuel|individu|sans|non|pp|private( person)?|privat(person)?)$/.test(
    plainWords(text)
  )

/** What only companies bear, first or last in a name; those that are also people's names, in capitals. */
const LEGAL_FORM =
  '(?:[Ss][Aa][Rr][Ll]|SASU?|Sasu|E[Uu][Rr][Ll]|S[Ee][Ll][Aa][Rr][Ll]|SELAS|SCEA|SCI|SCP|SNC|EARL|GAEC|G[Mm][Bb][Hh]|SPRL|LTD)'
const COMPANY = new RegExp(`^${LEGAL_FORM}\\s+\\S|\\S\\s+${LEGAL_FORM}$`)

/** True when what stands in a person's column is a company: `SARL Nordet`, `NORDET SAS`. */
export const namesCompany = (name: string) => COMPANY.test(name.replaceAll('.', ''))
