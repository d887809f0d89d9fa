import { listenToLetters } from '#letters/outcomes'
import { depositRendered, recordPosting } from '#registered_mail/evidence/listeners'

listenToLetters({ rendered: depositRendered, posted: recordPosting })
