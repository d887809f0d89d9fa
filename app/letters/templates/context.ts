import type { LetterContent } from '#letters/letter_content'
import type { Speech } from '#letters/templates/language'

/** What tags may name beyond the letter's own content. */
export interface TemplateFacts {
  creditor: { ref: string; siren: string | null; email: string | null }
  debtor: { siren: string | null; email: string | null; mobile: string | null; phone: string | null }
  /** Who follows the file: who confirmed the step or launched the campaign. */
  writer: { name: string; email: string } | null
  /** Names of the documents that the debtor may read on the portal. */
  documents: string[]
}

/** An image of ours, never an address. */
export interface Logo {
  mediaType: 'image/png' | 'image/jpeg'
  base64: string
}

/** Everything a tag takes its value from. */
export interface TagContext {
  content: LetterContent
  facts: TemplateFacts
  speech: Speech
  logo: Logo | null
  /** For a draft being looked at: what a tag cannot say is shown as the tag, in brackets. */
  lenient?: boolean
}
