import { addWorkingDays } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'

/** What the page promises; the agenda shows the request until then. */
const ANSWER_WORKING_DAYS = 5

/** The day by which a request for time is answered in writing. */
export const requestAnswerDay = (askedOn: CivilDate) => addWorkingDays(askedOn, ANSWER_WORKING_DAYS)
