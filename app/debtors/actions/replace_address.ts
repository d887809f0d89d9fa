import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Address from '#debtors/models/address'

export type ReplaceAddressInput = {
  debtorId: number
  street: string
  complement: string | null
  postcode: string
  city: string
}

/** A corrected address takes the place of the one that failed; the former is kept (rule 52). */
export default class ReplaceAddress {
  handle({ debtorId, ...lines }: ReplaceAddressInput): Promise<Address> {
    return transaction(async (trx) => {
      const createdAt = clock.now()
      await Address.query({ client: trx })
        .where('debtorId', debtorId)
        .whereNull('replacedAt')
        .update({ replaced_at: createdAt })
      return Address.create({ debtorId, createdAt, ...lines }, { client: trx })
    })
  }
}
