import { fold } from '#shared/fold'
import type BankLine from '#banking/models/bank_line'

type Words = Pick<BankLine, 'amountCents' | 'label' | 'counterparty'>

/** The names under which Stripe pays out. */
const STRIPE_NAME = /^stripe(?: technology europe| payments europe| payments uk| inc)?(?: ltd| limited)?$/
const STRIPE_WORD = /\bstripe\b/

/**
 * Money of card payments that Stripe pays out: each of them was posted when it was made. Certain
 * when Stripe itself is the sender, likely when its name stands somewhere.
 */
export function stripePayout({ amountCents, label, counterparty }: Words): 'certain' | 'likely' | null {
  if (amountCents <= 0) return null
  const name = fold(counterparty ?? '')
    .replace(/[^a-z]+/g, ' ')
    .trim()
  if (STRIPE_NAME.test(name)) return 'certain'
  return STRIPE_WORD.test(fold(`${counterparty ?? ''} ${label}`)) ? 'likely' : null
}

const RETURN_WORDS =
  /\b(?:rejet\w*|retour\w*|impaye\w*|annul\w*|contre ?passation|extourne\w*|recall|rappel)\b/

/** A debit that may undo money that came. */
export const looksReturned = (line: Words & Pick<BankLine, 'isReturn'>) =>
  line.amountCents < 0 && (line.isReturn || RETURN_WORDS.test(fold(line.label)))
