/** One letter that a provider carries. */
export const MAILING = 'registered_mail.letter'
