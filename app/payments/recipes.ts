import { transaction } from '#shared/transaction'
import { appUrl } from '#config/app'
import { mintLink } from '#claims/portal_link'
import { remitBy } from '#creditors/remit_by'
import { composeMail } from '#deliveries/mails/compose_mail'
import { agencyCard, debtorMail } from '#deliveries/mails/debtor_mail'
import type Delivery from '#deliveries/models/delivery'
import { registerGuard, registerRecipe } from '#deliveries/recipes'
import { guardDebitsInProgress } from '#payments/guard'
import Payment from '#payments/models/payment'
import PaymentReturn from '#payments/models/payment_return'
import Receipt from '#payments/models/receipt'

/** R124-6, rule 33: the receipt, with its PDF, to the debtor. */
async function receipt(delivery: Delivery) {
  const payment = await paymentOf(delivery)
  const known = await debtorMail(payment.claimId)
  if (!known) return { cancel: 'first_letter_pending' }
  if (await isReplaced(payment.receipt)) return { cancel: 'receipt_replaced' }
  const attachments = [await attached(payment.receipt)]
  const { url } = await transaction((trx) => mintLink(trx, payment.claimId, 'receipt'))
  const mail = await composeMail(
    'receipt',
    {
      ...known.mail,
      link: url,
      number: payment.receipt.number,
      receivedOn: payment.receivedOn,
      paidInFull: payment.receipt.remainingCents === 0 && payment.receipt.missingSemester === null,
    },
    known.locale
  )
  return { ...mail, attachments }
}

/** Rule 32: the receipt that replaces the one the debtor has. */
async function receiptReplaced(delivery: Delivery) {
  const { payment, receipt: issued, returnedOn, how } = await returnOf(delivery)
  const known = await debtorMail(payment.claimId)
  if (!known) return { cancel: 'first_letter_pending' }
  if (await isReplaced(issued)) return { cancel: 'receipt_replaced' }
  const attachments = [await attached(issued)]
  const former = await Receipt.findOrFail(issued.replacesId)
  const { url } = await transaction((trx) => mintLink(trx, payment.claimId, 'receipt'))
  const facts = {
    number: issued.number,
    formerNumber: former.number,
    returnedOn,
    corrected: how === 'correction',
  }
  const mail = await composeMail('receipt_replaced', { ...known.mail, link: url, ...facts }, known.locale)
  return { ...mail, attachments }
}

/** Money went back before this message could leave: the next one carries what is worth something. */
const isReplaced = async ({ id }: Receipt) => (await Receipt.findBy('replacesId', id)) !== null

async function attached({ id, number }: Receipt) {
  const { RenderReceipt } = await import('#payments/actions/render_receipt')
  const { sha256 } = await new RenderReceipt().handle(id)
  return { name: `Quittance ${number}.pdf`, mediaType: 'application/pdf', content: { fileSha256: sha256 } }
}

/** R124-5, rule 34: every payment, even partial, to the creditor's team. */
async function creditorNotice(delivery: Delivery) {
  const payment = await paymentOf(delivery)
  const { claim } = payment
  const mandate = await claim.creditor.mandateOn(payment.receivedOn)
  return composeMail('creditor_notice', {
    agency: await agencyCard(),
    url: `${appUrl}/claims/${claim.ref}`,
    claimRef: claim.ref,
    debtorName: claim.debtor.displayName,
    amountCents: payment.amountCents,
    method: payment.method,
    receivedOn: payment.receivedOn,
    destination: payment.isDirect ? 'creditor_account' : 'agency_account',
    remainingCents: payment.receipt.remainingCents,
    missingSemester: payment.receipt.missingSemester,
    remitBy: payment.isDirect ? null : remitBy(payment.receivedOn, mandate?.remittanceDays ?? null),
  })
}

/** Rule 32: the creditor was told that it was paid. */
async function returnNotice(delivery: Delivery) {
  const { payment, receipt: issued, amountCents, how, returnedOn } = await returnOf(delivery)
  const { claim } = payment
  return composeMail('return_notice', {
    agency: await agencyCard(),
    url: `${appUrl}/claims/${claim.ref}`,
    claimRef: claim.ref,
    debtorName: claim.debtor.displayName,
    amountCents,
    how,
    returnedOn,
    destination: payment.isDirect ? 'creditor_account' : 'agency_account',
    remainingCents: issued.remainingCents,
    missingSemester: issued.missingSemester,
  })
}

function returnOf(delivery: Delivery) {
  return PaymentReturn.query()
    .where('id', Number(delivery.parameters.returnId))
    .preload('receipt')
    .preload('payment', (payment) => payment.preload('claim', (claim) => claim.preload('debtor')))
    .firstOrFail()
}

function paymentOf(delivery: Delivery) {
  return Payment.query()
    .where('id', Number(delivery.parameters.paymentId))
    .preload('receipt')
    .preload('claim', (claim) => claim.preload('creditor').preload('debtor'))
    .firstOrFail()
}

registerRecipe('payments.receipt', receipt)
registerRecipe('payments.creditor_notice', creditorNotice)
registerRecipe('payments.receipt_replaced', receiptReplaced)
registerRecipe('payments.return_notice', returnNotice)
registerGuard(guardDebitsInProgress)
