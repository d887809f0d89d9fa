import vine from '@vinejs/vine'
import { DISPUTE_OUTCOMES } from '#claims/models/dispute'

/** The debtor reads the answer: only a withdrawal, which is theirs, may go without one. */
export const disputeResolution = vine.create({
  outcome: vine.enum(DISPUTE_OUTCOMES),
  answer: vine
    .string()
    .trim()
    .minLength(10)
    .maxLength(4000)
    .nullable()
    .optional()
    .requiredWhen('outcome', 'in', ['upheld', 'rejected']),
})
