import vine from '@vinejs/vine'
import { civilDate } from '#shared/vine_types'
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

export const stepTemplateForm = vine.create({ template: vine.string().trim().maxLength(48) })

export const campaignFilters = vine.create({
  state: vine.enum(ACTION_STATES).optional(),
  page: vine.number().min(1).max(100_000).optional(),
})
