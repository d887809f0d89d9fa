import type { Driver, Parcel } from '#deliveries/drivers/driver'
import type { PostalOrder, PostalProvider } from '#registered_mail/providers/provider'

/** What is kept of an order with the letter's PDF, from the moment it is composed. */
export type OrderParts = Omit<PostalOrder, 'key' | 'pdf'>

/** Carries the outbox's letters to one provider. */
export const printDriver = (provider: PostalProvider): Driver => ({
  name: provider.name,
  keyed: provider.keyed,
  settlesInMinutes: provider.settlesInMinutes ?? 0,
  open: () => ({
    send: (parcel, mayLeave) => provider.submit(orderIn(parcel), mayLeave),
    close: async () => {},
  }),
})

function orderIn({ key, bytes }: Parcel): PostalOrder {
  const parts = JSON.parse(bytes.toString()) as OrderParts & { pdf: string }
  const { kind, reference, sender, recipient, recipientIsPerson, email, pages, options } = parts
  const addressee = parts.addressee ?? null
  const pdf = Buffer.from(parts.pdf, 'base64')
  return { key, kind, reference, sender, recipient, recipientIsPerson, addressee, email, pdf, pages, options }
}
