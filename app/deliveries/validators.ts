import vine from '@vinejs/vine'
import { DELIVERY_STATES } from '#deliveries/models/delivery'
import { SETTLEMENTS } from '#deliveries/actions/settle_delivery'

export const mailboxFilters = vine.create(
  vine.object({
    state: vine.enum(DELIVERY_STATES).optional(),
    q: vine.string().trim().maxLength(120).optional(),
    page: vine.number().min(1).max(100_000).optional(),
  })
)

export const settlementForm = vine.create(vine.object({ outcome: vine.enum(SETTLEMENTS) }))
