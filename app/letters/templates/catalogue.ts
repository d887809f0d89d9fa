import type { LetterKind } from '#letters/letter_content'

/** The built-in templates, by slug, with the kind of letter each is made for. */
export const LETTER_TEMPLATES = {
  first_letter: 'simple',
  registered_letter: 'lrar',
  electronic_letter: 'ere',
} as const satisfies Record<string, LetterKind>

export type LetterTemplate = keyof typeof LETTER_TEMPLATES

export const isLetterTemplate = (slug: string): slug is LetterTemplate =>
  Object.hasOwn(LETTER_TEMPLATES, slug)
