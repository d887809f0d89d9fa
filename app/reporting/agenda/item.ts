import type { I18n } from '@adonisjs/i18n'
import type { Instant } from '#shared/clock'
import { instantText } from '#shared/moments'
import type { Cents } from '#shared/money'

/**
 * A sentence of the language files and what it names; `at` is an Instant, told in the reader's
 * language, and `fallback` is said when nothing goes by that key.
 */
export type Said = {
  key: string
  values?: Record<string, string | number> & { at?: Instant }
  fallback?: string
}

export function saidText(i18n: I18n, { key, values, fallback }: Said): string {
  return i18n.t(key, values?.at ? { ...values, at: instantText(i18n, values.at) } : values, fallback)
}

/** One line of the agenda: what waits, for whom, why, and the one sensible act. */
export type AgendaItem = {
  /** The action that may be ticked and confirmed, put off or taken out; null for the rest. */
  actionId: number | null
  /** The letter that may be ticked and printed with others. */
  letterRef?: string
  icon: string
  tone: 'accent' | 'wait' | 'none'
  title: Said
  who: string
  ref: string | null
  href: string
  why: Said
  amountCents: Cents | null
  note: Said | null
  /** `confirm` acts at once, the others lead somewhere. */
  act: { confirm: boolean; label: string; href: string }
}

export const AGENDA_GROUPS = [
  'to_confirm',
  'to_print',
  'hand_overs',
  'disputes',
  'suspended',
  'plans',
  'promises',
  'requests',
  'callbacks',
  'failures',
  'mailings',
  'uncertain',
  'imports',
  'bank_lines',
  'accounts',
  'obligations',
] as const
export type AgendaGroupName = (typeof AGENDA_GROUPS)[number]

/** A slice of what waits in one group. */
export type AgendaSlice = { total: number; items: AgendaItem[] }

export interface AgendaSource {
  name: AgendaGroupName
  count(): Promise<number>
  items(offset: number, limit: number): Promise<AgendaItem[]>
}
