import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import ContactPoint from '#debtors/models/contact_point'

export type AddContactPointInput = {
  debtorId: number
  kind: ContactPoint['kind']
  value: string
  label: string | null
}

/**
 * A new way to reach the debtor, which becomes the contact for collection of its kind (P1).
 * Given again, a known value is only chosen, and no longer counts as failing.
 */
export default class AddContactPoint {
  handle(input: AddContactPointInput, open?: TransactionClientContract): Promise<ContactPoint> {
    return transaction(async (trx) => {
      const { debtorId, kind, value, label } = input
      await ContactPoint.query({ client: trx })
        .where({ debtorId, kind })
        .update({ collection_contact: false })
      return ContactPoint.updateOrCreate(
        { debtorId, kind, value },
        { label, collectionContact: true, bouncedAt: null, createdAt: clock.now() },
        { client: trx }
      )
    }, open)
  }
}
