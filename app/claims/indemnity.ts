import type { Cents } from '#shared/money'

/** C. com. D441-5: once per late invoice, between professionals only (rule 22). */
export const INDEMNITY_CENTS: Cents = 4000
