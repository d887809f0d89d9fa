import type { LetterKind } from '#letters/letter_content'

/** D2: what a template is written for. */
export const TEMPLATE_CHANNELS = ['letter', 'lrar', 'ere', 'email', 'sms', 'voice'] as const
export type TemplateChannel = (typeof TEMPLATE_CHANNELS)[number]

/** Those that R124-4 rules: a whole letter, on paper or as a file. */
export const isLetterChannel = (channel: TemplateChannel) =>
  channel === 'letter' || channel === 'lrar' || channel === 'ere'

/** Those that are said or read in one breath: no table, no mark, no link to click. */
export const isPlainChannel = (channel: TemplateChannel) => channel === 'sms' || channel === 'voice'

/** How a letter of that template is posted. */
export const kindOf = (channel: TemplateChannel): LetterKind =>
  channel === 'lrar' || channel === 'ere' ? channel : 'simple'
