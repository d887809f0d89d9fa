import type { Driver } from '#deliveries/drivers/driver'

/**
 * For the demo and development: nothing leaves, and the message, kept like every
 * other, is read in the back-office mailbox as it would have gone.
 */
export const mailboxDriver: Driver = {
  name: 'mailbox',
  keyed: true,
  open: () => ({
    send: async () => ({ kind: 'sent', providerRef: null }),
    close: async () => {},
  }),
}
