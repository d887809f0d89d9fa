import type { DebtorKind } from '#debtors/models/debtor'
import { isLetterChannel, isPlainChannel, type TemplateChannel } from '#letters/templates/channels'
import { folded, occurrences, spelled } from '#letters/templates/find_words'
import { FORBIDDEN, type Audience, type ForbiddenTerm } from '#letters/templates/forbidden'
import type { Language } from '#letters/templates/language'
import { cutText, parseLine, parseTemplate, placeOf, type ParsedTemplate } from '#letters/templates/parse'
import { CONTACT_NEEDS, LETTER_NEEDS, type Need } from '#letters/templates/needs'
import { mayStandIn, nearestTag, tagNamed } from '#letters/templates/tags'

/** What the linter reads. */
export interface TemplateText {
  channel: TemplateChannel
  language: Language
  audience: Audience
  subject: string
  /** Sanitised HTML. */
  body: string
}

/** A change that the editor makes when asked. */
export type Mend = { append: string } | { replace: string; by: string }

/** N4: one thing the law, or the machine, does not let pass. Worded by `templates.lint.<code>`. */
export interface LintMessage {
  code: string
  /** Of law.md §8; null for what is not law. */
  rule: number | null
  article: string | null
  /** Rule 11: publication is refused, and so is rendering. A remark forbids nothing. */
  refuses: boolean
  field: 'subject' | 'body'
  place: { line: number; column: number; words: string } | null
  values: Record<string, string>
  mend: Mend | null
}

/** Everything that is wrong with a template, what refuses it first. */
export function lintTemplate(template: TemplateText): LintMessage[] {
  const body = parseTemplate(template.body)
  const subject = parseLine(template.subject)
  return [
    ...tagMessages(template, body, 'body'),
    ...tagMessages(template, subject, 'subject'),
    ...subjectMessages(template, subject),
    ...(isPlainChannel(template.channel) ? amountMessages(body, 'body') : []),
    ...forbiddenMessages(template, body, 'body'),
    ...forbiddenMessages(template, subject, 'subject'),
    ...missingMessages(template, body),
    ...remarks(template, body),
  ].toSorted((a, b) => Number(b.refuses) - Number(a.refuses))
}

export const refusalsOf = (template: TemplateText) => lintTemplate(template).filter(({ refuses }) => refuses)

const message = (values: Partial<LintMessage> & Pick<LintMessage, 'code' | 'field'>): LintMessage => ({
  rule: null,
  article: null,
  refuses: true,
  place: null,
  values: {},
  mend: null,
  ...values,
})

/** Tags that are not, that stand where they may not, or that marks cut in two. */
function tagMessages(
  { channel }: TemplateText,
  { reading, uses }: ParsedTemplate,
  field: LintMessage['field']
) {
  const found: LintMessage[] = []
  for (const use of uses) {
    const place = placeOf(reading, use.at)
    const about = { field, place, values: { tag: use.name } }
    const tag = tagNamed(use.name)
    if (!tag) {
      const nearest = nearestTag(use.name)
      const mend = nearest ? { replace: `#${use.name}`, by: `#${nearest}` } : null
      const code = nearest ? 'unknown_tag_like' : 'unknown_tag'
      found.push(message({ ...about, code, values: { tag: use.name, nearest: nearest ?? '' }, mend }))
    } else if (use.isHref !== (tag.kind === 'link') && use.isHref) {
      found.push(message({ ...about, code: 'tag_is_no_link' }))
    } else if (!mayStandIn(tag, channel)) {
      found.push(message({ ...about, code: 'tag_not_for_channel' }))
    } else if (tag.kind === 'block' && (!use.alone || field === 'subject')) {
      found.push(message({ ...about, code: 'tag_not_alone' }))
    }
  }
  let at = 0
  for (const part of cutText(reading)) {
    if ('text' in part) continue
    at = part.at
    if (!uses.some((use) => !use.isHref && use.at === at && use.name === part.tag)) {
      found.push(message({ code: 'tag_cut', field, place: placeOf(reading, at), values: { tag: part.tag } }))
    }
  }
  return found
}

/** Words that give a debt away to whoever sees the list of messages. */
const TELLING = [
  'dette',
  'impaye',
  'impayee',
  'creance',
  'recouvrement',
  'mise en demeure',
  'debt',
  'unpaid',
  'collection',
]

/** Rules 14 and 15, and a subject where one is needed. */
function subjectMessages({ channel, language, subject }: TemplateText, parsed: ParsedTemplate) {
  if (isPlainChannel(channel)) return []
  if (subject.trim() === '') return [message({ code: 'subject_missing', field: 'subject' })]
  if (isLetterChannel(channel)) return channel === 'ere' ? amountMessages(parsed, 'subject') : []
  const read = folded(withoutTags(parsed))
  const telling = TELLING.flatMap((term) => [...occurrences(term, read)].slice(0, 1)).map(({ at, end }) =>
    message({
      code: 'subject_tells',
      rule: 14,
      article: 'C. conso. L121-6',
      field: 'subject',
      place: placeOf(parsed.reading, at),
      values: { words: parsed.reading.slice(at, end) },
      mend: { replace: parsed.reading, by: NEUTRAL_SUBJECT[language] },
    })
  )
  return [...amountMessages(parsed, 'subject'), ...telling]
}

const NEUTRAL_SUBJECT: Record<Language, string> = {
  fr: 'Dossier #file_reference',
  en: 'File #file_reference',
}

const TYPED_AMOUNT =
  /(?:€|EUR\b|euros?\b)[\s\u00a0\u202f]*\d|\d(?:[\d\s\u00a0\u202f.,]*\d)?[\s\u00a0\u202f]*(?:€|EUR\b|euros?\b)/i

/** Rule 15: neither a tag that is a sum nor a sum typed by hand. */
function amountMessages(parsed: ParsedTemplate, field: LintMessage['field']): LintMessage[] {
  const about = { rule: 15, article: 'C. conso. L121-6', field, code: `amount_in_${field}` }
  const tags = parsed.uses
    .filter(({ name }) => tagNamed(name)?.kind === 'amount')
    .map(({ name, at }) =>
      message({
        ...about,
        place: placeOf(parsed.reading, at),
        values: { words: `#${name}` },
        mend: { replace: `#${name}`, by: '#file_reference' },
      })
    )
  const typed = TYPED_AMOUNT.exec(withoutTags(parsed))
  if (!typed) return tags
  return [
    ...tags,
    message({ ...about, place: placeOf(parsed.reading, typed.index), values: { words: typed[0] } }),
  ]
}

/** Rules 9, 10, 11 and 14. */
function forbiddenMessages({ audience }: TemplateText, parsed: ParsedTemplate, field: LintMessage['field']) {
  const source = withoutTags(parsed)
  const read = folded(source)
  return FORBIDDEN.filter(({ reads }) => !reads || mayBeReadBy(audience, reads)).flatMap((forbidden) =>
    [...occurrences(forbidden.term, read)]
      .filter(({ at, end }) => forbidden.exact?.test(source.slice(at, end)) ?? true)
      .filter(({ at, end }) => !isAllowed(forbidden, source, at, end))
      .map(({ at, end }) =>
        message({
          code: CODES[forbidden.rule],
          rule: forbidden.rule,
          article: forbidden.article,
          field,
          place: placeOf(parsed.reading, at),
          values: { words: source.slice(at, end) },
        })
      )
  )
}

const CODES: Record<ForbiddenTerm['rule'], string> = {
  9: 'own_fee',
  10: 'consumer_charge',
  11: 'forbidden_words',
  14: 'told_to_others',
}

const mayBeReadBy = (audience: Audience, kind: DebtorKind) => audience === 'any' || audience === kind

const AROUND = 60

/** The words around make it harmless: they must hold this very place, not one beside it. */
function isAllowed({ term, allowed = [] }: ForbiddenTerm, source: string, at: number, end: number): boolean {
  const before = spelled(source.slice(Math.max(0, at - AROUND), at))
  const here = spelled(source.slice(at, end))
  const after = spelled(source.slice(end, end + AROUND))
  const text = `${before} ${here.startsWith(term) ? here : term} ${after}`
  const start = before.length + 1
  return allowed.some(({ context }) =>
    [...text.matchAll(new RegExp(context, 'g'))].some(
      (match) => match.index < start + term.length && match.index + match[0].length > start
    )
  )
}

/** Tags are ours: their letters are not the template's words. */
function withoutTags({ reading }: ParsedTemplate): string {
  let text = reading
  for (const part of cutText(reading)) {
    if ('tag' in part) {
      text = text.slice(0, part.at) + '\ufffc'.repeat(part.length) + text.slice(part.at + part.length)
    }
  }
  return text
}

/** Rules 4 to 8 and 61: what a letter must bear, and what every later contact must recall. */
function missingMessages(template: TemplateText, parsed: ParsedTemplate): LintMessage[] {
  const needs = isLetterChannel(template.channel) ? LETTER_NEEDS : CONTACT_NEEDS
  const names = new Set(parsed.uses.map(({ name }) => name))
  const text = spelled(withoutTags(parsed))
  return needs
    .filter((need) => !isMet(need, names, text, template.language))
    .map(({ code, rule, article, mend }) =>
      message({ code, rule, article, field: 'body', mend: { append: mend[template.language] } })
    )
}

const isMet = ({ tags, words }: Need, names: Set<string>, text: string, language: Language) =>
  tags.some((all) => all.every((name) => names.has(name))) ||
  Boolean(words?.[language].some((one) => text.includes(one)))

/** A sum typed by hand is right for one file and wrong for the next. */
function remarks({ channel }: TemplateText, parsed: ParsedTemplate): LintMessage[] {
  if (isPlainChannel(channel)) return []
  const typed = TYPED_AMOUNT.exec(withoutTags(parsed))
  if (!typed) return []
  const place = placeOf(parsed.reading, typed.index)
  return [
    message({
      code: 'typed_amount',
      rule: 8,
      refuses: false,
      field: 'body',
      place,
      values: { words: typed[0] },
    }),
  ]
}
