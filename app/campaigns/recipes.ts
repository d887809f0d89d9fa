import { listenToLetters } from '#letters/outcomes'
import { registerGuard, registerRecipe } from '#deliveries/recipes'
import { guardDebtorMessages, guardEreContacts, reminderSettled } from '#campaigns/guard'
import { letterCancelled, letterFailed, lettersRendered } from '#campaigns/letter_outcomes'
import { composeLaunched } from '#campaigns/mails/to_creditor'
import { composeFirstLetter, composeReminder } from '#campaigns/mails/to_debtor'
import { FIRST_LETTER, LAUNCHED, REMINDER } from '#campaigns/recipe_names'

registerRecipe(REMINDER, composeReminder, { settled: reminderSettled })
registerRecipe(FIRST_LETTER, composeFirstLetter)
registerRecipe(LAUNCHED, composeLaunched)
registerGuard(guardDebtorMessages)
registerGuard(guardEreContacts)
listenToLetters({ rendered: lettersRendered, failed: letterFailed, cancelled: letterCancelled })
