import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { isValidIBAN } from 'ibantools'
import { addWorkingDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import { keepFile, readStoredFile, recordFiles } from '#shared/files'
import { sum } from '#shared/money'
import { numbered, takeNumbers } from '#shared/numbering'
import { dialect, transaction } from '#shared/transaction'
import Agency from '#agency/models/agency'
import type Creditor from '#creditors/models/creditor'
import Remittance from '#banking/remittances/models/remittance'
import TransferOrder from '#banking/remittances/models/transfer_order'
import { preparedWithReturns } from '#banking/remittances/queries/owed_payments'
import { transferFile, type Party } from '#banking/remittances/transfer_file'

export type Exported =
  | { outcome: 'exported' | 'already_exported'; order: TransferOrder; remittances: Remittance[]; xml: Buffer }
  | { outcome: 'nothing_prepared' | 'dedicated_account_missing' }
  | { outcome: 'iban_missing'; creditors: string[] }
  | { outcome: 'went_back'; remittances: string[] }

/**
 * Puts all prepared remittances in one order for the bank. With nothing new to pay, gives the last
 * order again, byte for byte, while its transfers are not confirmed: the bank knows its MsgId and
 * refuses a second one. A remittance is in one order only, and in none once its money went back.
 */
export class ExportRemittances {
  async handle({ userId = null }: { userId?: number | null } = {}): Promise<Exported> {
    const made = await transaction((trx) => this.#export(trx, userId))
    if (made.outcome !== 'order') return made
    const { order, isNew } = made
    return {
      outcome: isNew ? 'exported' : 'already_exported',
      order,
      remittances: await order.related('remittances').query().preload('creditor').orderBy('id'),
      xml: await readStoredFile(order.fileSha256),
    }
  }

  async #export(trx: TransactionClientContract, userId: number | null) {
    if (dialect() === 'postgres') await trx.rawQuery('lock table transfer_orders in share row exclusive mode')
    const prepared = await Remittance.query({ client: trx })
      .where('state', 'prepared')
      .preload('creditor')
      .orderBy('id')
      .forUpdate()
    if (prepared.length === 0) return this.#lastOrder(trx)
    const from = await dedicatedAccount(trx)
    if (!from) return { outcome: 'dedicated_account_missing' as const }
    const unpayable = prepared.filter(({ creditor }) => !creditor.iban || !isValidIBAN(creditor.iban))
    if (unpayable.length > 0) {
      return { outcome: 'iban_missing' as const, creditors: unpayable.map(({ creditor }) => creditor.name) }
    }
    const gone = await preparedWithReturns(trx)
    if (gone.length > 0) return { outcome: 'went_back' as const, remittances: gone }
    return { outcome: 'order' as const, isNew: true, order: await this.#order(trx, from, prepared, userId) }
  }

  async #lastOrder(trx: TransactionClientContract) {
    const last = await Remittance.query({ client: trx })
      .where('state', 'exported')
      .preload('order')
      .orderBy('orderId', 'desc')
      .first()
    if (!last) return { outcome: 'nothing_prepared' as const }
    return { outcome: 'order' as const, isNew: false, order: last.order }
  }

  async #order(
    trx: TransactionClientContract,
    from: Party,
    prepared: readonly Remittance[],
    userId: number | null
  ) {
    const today = clock.today()
    const year = Number(today.slice(0, 4))
    const createdAt = clock.now()
    const ref = numbered('V', year, await takeNumbers(trx, 'transfer_order', year))
    const executeOn = addWorkingDays(today, 1)
    const transfers = prepared.map(({ ref: remittance, creditor, netCents }) => ({
      ref: remittance,
      to: payee(creditor),
      amountCents: netCents,
      message: `Reversement ${remittance}`,
    }))
    const file = await keepFile(
      Buffer.from(transferFile({ ref, createdAt, executeOn, from, transfers })),
      'application/xml'
    )
    await recordFiles(trx, [file])
    const order = await TransferOrder.create(
      {
        ref,
        fileSha256: file.sha256,
        executeOn,
        transfers: transfers.length,
        amountCents: sum(transfers.map(({ amountCents }) => amountCents)),
        userId,
        createdAt,
      },
      { client: trx }
    )
    for (const remittance of prepared) {
      await remittance.merge({ state: 'exported', orderId: order.id, updatedAt: createdAt }).save()
    }
    return order
  }
}

const payee = ({ name, addressLines, iban, bic }: Creditor): Party => ({
  name,
  addressLines,
  iban: iban!,
  bic,
})

/** Rule 3: what is held for creditors leaves from the account kept for it, and from no other. */
async function dedicatedAccount(trx: TransactionClientContract): Promise<Party | null> {
  const agency = await Agency.query({ client: trx }).orderBy('id').first()
  if (!agency?.dedicatedIban || !isValidIBAN(agency.dedicatedIban)) return null
  const { name, addressLines, dedicatedIban: iban, dedicatedBic: bic } = agency
  return { name, addressLines, iban, bic }
}
