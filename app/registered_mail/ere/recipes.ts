import { listenToLetters } from '#letters/outcomes'
import { registerGuard, registerRecipe } from '#deliveries/recipes'
import { CODE_MINUTES } from '#registered_mail/ere/codes'
import { guardEres } from '#registered_mail/ere/guard'
import { composeCode, composeNotice, composeReminder, composeStep } from '#registered_mail/ere/mails/compose'
import { ERE_CODE, ERE_NOTICE, ERE_REMINDER, ERE_STEP } from '#registered_mail/ere/recipe_names'
import { codeSettled, noticeSettled, reminderSettled } from '#registered_mail/ere/settled'
import { draftStopped } from '#registered_mail/ere/draft'

registerRecipe(ERE_NOTICE, composeNotice, { settled: noticeSettled })
registerRecipe(ERE_REMINDER, composeReminder, { settled: reminderSettled })
registerRecipe(ERE_CODE, composeCode, { settled: codeSettled, secretMinutes: CODE_MINUTES })
registerRecipe(ERE_STEP, composeStep)
registerGuard(guardEres)
listenToLetters({ failed: draftStopped, cancelled: draftStopped })
