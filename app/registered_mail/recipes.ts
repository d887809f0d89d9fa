import { listenToLetters } from '#letters/outcomes'
import { registerGuard, registerRecipe } from '#deliveries/recipes'
import '#registered_mail/carriers'
import { composeOrder } from '#registered_mail/compose_order'
import { guardMailings } from '#registered_mail/guard'
import { letterPosted } from '#registered_mail/letter_posted'
import { MAILING } from '#registered_mail/recipe_names'
import { sendRendered } from '#registered_mail/send_rendered'
import { mailingSettled } from '#registered_mail/settled'

registerRecipe(MAILING, composeOrder, { settled: mailingSettled })
registerGuard(guardMailings)
listenToLetters({ rendered: sendRendered, posted: letterPosted })
