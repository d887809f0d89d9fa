import { frenchDate } from '#shared/french'
import { formatEuros } from '#shared/money'
import type ClaimEvent from '#claims/models/claim_event'
import type { ClaimStatus } from '#claims/models/claim'

type Translate = (key: string, values?: Record<string, unknown>, fallback?: string) => string

/**
 * What an event says on the timeline, from `events.<type>` of the language files. Its detail is
 * given already written: names in `Cents` as euros, in `On` as dates, codes as words.
 */
export function eventTitle(t: Translate, event: Pick<ClaimEvent, 'type' | 'detail'>): string {
  const words = Object.fromEntries(
    Object.entries(event.detail).map(([name, value]) => [name, written(t, name, value)])
  )
  return t(`events.${event.type}`, words)
}

function written(t: Translate, name: string, value: string | number | boolean | null) {
  if (value === null) return ''
  const text = String(value)
  if (name === 'reason') return t(`campaigns.reasons.${text}`, {}, text)
  if (name.endsWith('Cents')) return formatEuros(Number(value))
  if (name.endsWith('On')) return frenchDate(text)
  return value
}

const TONES: Record<ClaimStatus, string> = {
  new: 'open',
  active: 'accent',
  paused: 'none',
  disputed: 'wait',
  paid: 'good',
  closed: 'none',
}

export const statusTone = (status: ClaimStatus) => TONES[status]
