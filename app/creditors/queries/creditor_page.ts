import type Creditor from '#creditors/models/creditor'
import ConnectedAccount from '#creditors/models/connected_account'
import ContractTerm from '#creditors/models/contract_term'
import Mandate from '#creditors/models/mandate'
import { figuresOf } from '#creditors/queries/creditor_figures'
import type { CivilDate } from '#shared/clock'
import User from '#users/models/user'

/** Everything a creditor's page shows. */
export default class CreditorPage {
  constructor(private creditor: Creditor) {}

  async read(on: CivilDate) {
    const { creditor } = this
    const inForce = await creditor.mandateOn(on)
    await inForce?.load('contract')
    const mandates = await Mandate.query()
      .where('creditorId', creditor.id)
      .orderBy('signedOn', 'desc')
      .orderBy('id', 'desc')
      .limit(50)
    const users = await User.query().where('creditorId', creditor.id).orderBy('fullName').limit(100)
    return {
      creditor,
      inForce,
      contract: await ContractTerm.ofCreditor(creditor.id).where('effectiveOn', '<=', on).first(),
      mandates,
      users,
      figures: (await figuresOf([creditor.id]))(creditor.id),
      account: await ConnectedAccount.of(creditor.id),
      destination: await creditor.onlineDestination(),
      gaps: await creditor.launchGaps(on),
    }
  }
}
