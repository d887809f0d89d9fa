import ConnectedAccount from '#creditors/models/connected_account'
import type Creditor from '#creditors/models/creditor'
import { stripeGateway } from '#payments/gateway'

/** How a creditor's own account stands, and what can be done about it by the creditor or by the agency. */
export async function accountPage(creditor: Creditor, own: boolean) {
  const account = await ConnectedAccount.of(creditor.id)
  const begun = account !== null || creditor.stripeAccount !== null
  const former = own && !begun && (await ConnectedAccount.hadOne(creditor.id))
  const mayBegin = (!begun && !former) || (account?.standing === 'gone' && !own)
  return {
    creditor,
    account,
    destination: await creditor.onlineDestination(),
    former,
    available: stripeGateway() !== null,
    act: mayBegin ? 'begin' : account?.mayContinue ? 'continue' : null,
  }
}
