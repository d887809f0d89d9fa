import vine from '@vinejs/vine'
import { DEFER_REASONS } from '#campaigns/reasons'
import { AGENDA_GROUPS } from '#reporting/agenda/item'

const page = () => vine.number().min(1).max(100_000).optional()

export const agendaFilters = vine.create({ group: vine.enum(AGENDA_GROUPS).optional(), page: page() })

export const heldFilters = vine.create({ reason: vine.enum(DEFER_REASONS).optional(), page: page() })
