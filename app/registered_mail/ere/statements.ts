import i18nManager from '@adonisjs/i18n/services/main'
import { civilDateAt } from '#shared/clock'
import { sha256 } from '#shared/files'
import { frenchDate } from '#shared/french'
import type Letter from '#letters/models/letter'

export const STATEMENTS = ['accept', 'refuse', 'sign'] as const
export type StatementKind = (typeof STATEMENTS)[number]

export interface Statement {
  text: string
  sha256: string
}

/**
 * The exact words that are agreed to, in the language they are read in. The form carries their hash: what is
 * kept is what was on the page, or nothing is.
 */
export function statementOf(
  kind: StatementKind,
  letter: Letter,
  { agency, locale }: { agency: string; locale: string }
): Statement {
  const text = i18nManager.locale(locale).t(`ere.statements.${kind}`, {
    ref: letter.ref,
    agency,
    on: frenchDate(letter.datedOn),
    deposited: frenchDate(civilDateAt(letter.renderedAt!)),
    pages: letter.pages!,
  })
  return { text, sha256: sha256(text) }
}
