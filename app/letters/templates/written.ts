import { sha256 } from '#shared/files'
import type { LetterContent } from '#letters/letter_content'
import { assertMentions } from '#letters/mentions'
import type { ComposedLetter } from '#letters/rendering/batch'
import { markup, type Markup } from '#letters/rendering/markup'
import type { Logo, TagContext, TemplateFacts } from '#letters/templates/context'
import { place } from '#letters/templates/formal_notice'
import { speechOf } from '#letters/templates/language'
import { refusalsOf, type LintMessage, type TemplateText } from '#letters/templates/lint'
import { parseLine, parseTemplate, type ParsedTemplate } from '#letters/templates/parse'
import { channel, raised, references, sender, shortened, windowBlock } from '#letters/templates/parts'
import { renderLine, renderPrint } from '#letters/templates/render'

/** One version of a template, with what its tags may name for one file. */
export interface WrittenTemplate {
  /** Null for a draft, which is only ever previewed. */
  versionId: number | null
  text: TemplateText
  facts: TemplateFacts
  logo: Logo | null
}

/** Rule 11, at each rendering: what was published under older rules is read again under today's. */
export class TemplateRefused extends Error {
  override name = 'TemplateRefused'

  constructor(readonly messages: LintMessage[]) {
    super(`the template is refused: ${messages.map(({ code }) => code).join(', ')}`)
  }
}

/**
 * Lays out a letter from the agency's own words: the head, the window and the
 * foot are the same as on every letter.
 *
 * @throws TemplateRefused, TagWithoutValue, MissingMentions, IncompleteAddress
 */
export function composeWritten(content: LetterContent, written: WrittenTemplate): ComposedLetter {
  const read = readOnce(written.text)
  if (read.refusals.length > 0) throw new TemplateRefused(read.refusals)
  const context = contextOf(content, written)
  const composed = layOut(content, read, context)
  assertMentions(content, composed.body, context.speech)
  return composed
}

/** The same while it is being written: nothing is refused, and what a tag cannot say is shown. Never to be sent. */
export const composeDraft = (content: LetterContent, written: WrittenTemplate): ComposedLetter =>
  layOut(content, readOnce(written.text), { ...contextOf(content, written), lenient: true })

function layOut(content: LetterContent, read: Read, context: TagContext): ComposedLetter {
  const { speech } = context
  const { words } = speech
  const subject = renderLine(read.subject, context)
  const dated = words.dated(content.ref, speech.date(content.datedOn))
  return {
    title: `${words.letter} ${dated}${words.colon}${subject}`,
    body: frame(content, subject, renderPrint(read.body, context), context),
    foot: `${shortened(content.agency.name)} · ${words.file} ${content.claimRef} · ${words.letter} ${dated}`,
    rows: content.demand.invoices.length,
    language: speech.language,
  }
}

export const contextOf = (
  content: LetterContent,
  { text, facts, logo }: Pick<WrittenTemplate, 'text' | 'facts' | 'logo'>
): TagContext => ({ content, facts, logo, speech: speechOf(text.language) })

function frame(content: LetterContent, subject: string, body: Markup, { speech }: TagContext): Markup {
  const { agency, debtor, datedOn } = content
  return markup`<header class="letter-head">
${sender(agency, speech)}${references(content, speech)}${channel(content)}${windowBlock(debtor)}
</header>
<p class="letter-place">${place(agency.addressLines, speech.language)}${raised(speech.longDate(datedOn))}</p>
<h1 class="letter-subject">${speech.words.subject}${subject}</h1>
<div class="letter-body">
${body}
</div>`
}

interface Read {
  subject: ParsedTemplate
  body: ParsedTemplate
  refusals: LintMessage[]
}

/** The last read, by their words: ten thousand letters of one template parse it once. */
const lastRead = new Map<string, Read>()
const KEPT = 32

export function readOnce(text: TemplateText): Read {
  const key = sha256(JSON.stringify(text))
  const known = lastRead.get(key)
  if (known) return known
  const read = {
    subject: parseLine(text.subject),
    body: parseTemplate(text.body),
    refusals: refusalsOf(text),
  }
  if (lastRead.size >= KEPT) lastRead.delete(lastRead.keys().next().value!)
  lastRead.set(key, read)
  return read
}
