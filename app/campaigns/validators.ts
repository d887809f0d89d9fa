import vine from '@vinejs/vine'
import { box, civilDate } from '#shared/vine_types'
import { ACTION_STATES } from '#campaigns/models/action'
import { STAFF_SKIP_REASONS } from '#campaigns/reasons'

/** As many as a page shows, and some; one ticked line may come as itself. */
const actionIds = () =>
  vine
    .array(vine.number().min(1).withoutDecimals())
    .parse((value) => (typeof value === 'string' ? [value] : value))
    .minLength(1)
    .maxLength(500)

/** Ticked lines, one line, or everything the page showed. Where to go back: a file, else the agenda. */
export const confirmationForm = vine.create({
  actions: actionIds().optional(),
  only: vine.number().min(1).withoutDecimals().optional(),
  up_to: vine.number().min(1).withoutDecimals().optional(),
  claim: vine.string().trim().maxLength(32).optional(),
})

export const deferralForm = vine.create({
  actions: actionIds(),
  until_on: civilDate(),
  claim: vine.string().trim().maxLength(32).optional(),
})

export const skipForm = vine.create({
  actions: actionIds(),
  reason: vine.enum(STAFF_SKIP_REASONS),
  note: vine.string().trim().maxLength(500).optional(),
  claim: vine.string().trim().maxLength(32).optional(),
})

export const handOverForm = vine.create({ note: vine.string().trim().maxLength(2000).optional() })

export const launchForm = vine.create({
  import: vine.string().trim().maxLength(32).optional(),
  creditor: vine.string().trim().maxLength(32).optional(),
  scenario: vine.string().trim().maxLength(48).optional(),
  on: civilDate().optional(),
})

export const scenarioForm = vine.create({
  from: vine.string().trim().maxLength(48),
  name: vine.string().trim().minLength(2).maxLength(48),
})

/** Only the shape: `readSteps` says what is wrong with a row, and with the rows together. */
const typedSteps = () =>
  vine
    .array(
      vine.object({
        id: vine.number().withoutDecimals().optional(),
        day: vine.string().trim().optional(),
        channel: vine.string().optional(),
        mode: vine.string().optional(),
        remove: box(),
      })
    )
    // A list that numbers more rows than the form has comes as an object.
    .parse((value) => (value !== null && typeof value === 'object' ? Object.values(value) : []))
    .maxLength(100)

export const scenarioStepsForm = vine.create({ b2b: typedSteps(), b2c: typedSteps() })

export const stepTemplateForm = vine.create({ template: vine.string().trim().maxLength(48) })

export const campaignFilters = vine.create({
  state: vine.enum(ACTION_STATES).optional(),
  page: vine.number().min(1).max(100_000).optional(),
})
