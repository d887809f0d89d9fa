import { DateTime } from 'luxon'
import type { I18n } from '@adonisjs/i18n'
import { clock, PARIS, type Instant } from '#shared/clock'

type Words = Pick<I18n, 't' | 'locale'>

/** `23/11/2026 à 14 h 07`, in Paris. */
export function instantText(i18n: Words, at: Instant): string {
  const moment = inParis(at)
  return i18n.t('common.moments.on', { day: moment.toFormat('dd/MM/yyyy'), time: timeOf(i18n, moment) })
}

/**
 * How people say when: `il y a 12 min`, `aujourd’hui à 9 h 41`, `hier à 18 h 46`, a weekday for
 * the past week, then the exact instant. What is to come is today, tomorrow, or exact.
 */
export function momentText(i18n: Words, at: Instant): string {
  const [moment, now] = [inParis(at), inParis(clock.now())]
  const minutes = Math.floor(now.diff(moment, 'minutes').minutes)
  if (minutes === 0) return i18n.t('common.moments.now')
  if (minutes > 0 && minutes < 60) return i18n.t('common.moments.minutes', { count: minutes })
  const day = dayWord(i18n, moment, now)
  return day ? i18n.t('common.moments.at', { day, time: timeOf(i18n, moment) }) : instantText(i18n, at)
}

/** `Novembre 2026`, from `2026-11`. */
export function monthText({ locale }: Words, month: string): string {
  const text = DateTime.fromISO(month).setLocale(locale).toFormat('LLLL yyyy')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function dayWord(i18n: Words, moment: DateTime, now: DateTime): string | null {
  const days = Math.round(now.startOf('day').diff(moment.startOf('day'), 'days').days)
  if (days === 0) return i18n.t('common.moments.today')
  if (days === 1) return i18n.t('common.moments.yesterday')
  if (days === -1) return i18n.t('common.moments.tomorrow')
  return days > 1 && days < 7 ? moment.setLocale(i18n.locale).toFormat('cccc') : null
}

const inParis = (at: Instant) => DateTime.fromISO(at, { zone: PARIS })

const timeOf = ({ locale }: Words, moment: DateTime) =>
  moment.toFormat(locale === 'fr' ? `H'\u00a0h\u00a0'mm` : 'HH:mm')
