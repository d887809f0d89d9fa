/** A reminder by email, judged again as it leaves. */
export const REMINDER = 'campaigns.reminder'

/** The first letter, by email too. */
export const FIRST_LETTER = 'campaigns.first_letter'

/** R22, to the creditor. */
export const LAUNCHED = 'campaigns.launched'
