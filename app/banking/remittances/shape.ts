import Creditor from '#creditors/models/creditor'
import type Remittance from '#banking/remittances/models/remittance'

/** What commands say of remittances, in integer cents. */
export async function remittanceShapes(remittances: readonly Remittance[]) {
  const creditors = await Creditor.query().whereIn(
    'id',
    remittances.map(({ creditorId }) => creditorId)
  )
  const refs = new Map(creditors.map(({ id, ref }) => [id, ref]))
  return remittances.map((remittance) => ({
    ref: remittance.ref,
    creditor: refs.get(remittance.creditorId)!,
    collectedCents: remittance.collectedCents,
    feeCents: remittance.feeCents,
    vatCents: remittance.vatCents,
    netCents: remittance.netCents,
    payments: remittance.payments,
    dueOn: remittance.dueOn,
  }))
}
