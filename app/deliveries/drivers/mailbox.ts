import type { Driver } from '#deliveries/drivers/driver'

/**
 * Without SMTP nothing leaves: the message, kept like every other, is read in
 * the back-office mailbox as it would have gone.
 */
export const mailboxDriver: Driver = {
  name: 'mailbox',
  keyed: true,
  open: () => ({
    send: async () => ({ kind: 'sent', providerRef: null }),
    close: async () => {},
  }),
}
