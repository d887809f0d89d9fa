/** That a letter waits: what the period runs from. */
export const ERE_NOTICE = 'ere.notice'

/** To who has not answered. */
export const ERE_REMINDER = 'ere.reminder'

/** The one-time code; asked for by whoever is on the page. */
export const ERE_CODE = 'ere.code'

/** What happened, to the recipient or to the sender. */
export const ERE_STEP = 'ere.step'
