import { addDays, contactHours } from '#shared/calendar'
import { clock, type CivilDate } from '#shared/clock'
import { DateTime } from 'luxon'
import type { LaunchPreview } from '#campaigns/launch/preview'
import type { StepChannel } from '#campaigns/models/scenario_step'

export type CalendarDay = {
  on: CivilDate
  closed: boolean
  today: boolean
  sends: { channel: StepChannel; count: number }[]
}

/** The figures and the calendar of a launch page, so that the page only prints. */
export function launchPage(preview: LaunchPreview) {
  const { campaigns, excluded } = preview
  const total = (amounts: number[]) => amounts.reduce((sum, one) => sum + one, 0)
  const eligible = total(campaigns.map(({ claims }) => claims))
  return {
    ...preview,
    figures: {
      eligible,
      files: eligible + excluded.length,
      dueCents: total(campaigns.map(({ dueCents }) => dueCents)),
      excludedCents: total(excluded.map(({ dueCents }) => dueCents)),
      sends: total(
        campaigns.flatMap(({ calendar }) =>
          calendar.filter(({ channel }) => channel !== 'hand_over').map(({ count, copies }) => count + copies)
        )
      ),
      postageCents: total(campaigns.map(({ postageCents }) => postageCents)),
    },
    days: calendarDays(preview),
    automatic: hasAutomaticStep(preview),
    /** As many as a page can hold; the command gives them all. */
    shown: excluded.slice(0, 100),
  }
}

/** True when something would leave on its day without being confirmed: whoever launches is told so. */
export const hasAutomaticStep = ({ campaigns }: LaunchPreview) =>
  campaigns.some(({ calendar }) => calendar.some(({ mode }) => mode === 'automatic'))

/** Whole weeks, from the launch's Monday to the last step's Sunday. */
function calendarDays({ campaigns, on }: LaunchPreview): CalendarDay[] {
  const steps = campaigns.flatMap(({ calendar }) => calendar)
  if (steps.length === 0) return []
  const last = steps.map((step) => step.on).reduce((a, b) => (a > b ? a : b))
  const from = DateTime.fromISO(on).startOf('week').toISODate()!
  const until = DateTime.fromISO(last).endOf('week').toISODate()!
  const days: CalendarDay[] = []
  for (let day = from; day <= until; day = addDays(day, 1)) {
    days.push({
      on: day,
      closed: contactHours(day) === null,
      today: day === clock.today(),
      sends: merged(steps.filter((step) => step.on === day)),
    })
  }
  return days
}

function merged(steps: { channel: StepChannel; count: number }[]) {
  const byChannel = new Map<StepChannel, number>()
  for (const { channel, count } of steps) byChannel.set(channel, (byChannel.get(channel) ?? 0) + count)
  return [...byChannel].filter(([, count]) => count > 0).map(([channel, count]) => ({ channel, count }))
}
