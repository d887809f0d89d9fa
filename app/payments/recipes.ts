import { addDays, addMonths } from '#shared/calendar'
import { transaction } from '#shared/transaction'
import { appUrl } from '#config/app'
import { mintLink } from '#claims/portal_link'
import { composeMail } from '#deliveries/mails/compose_mail'
import { agencyCard, debtorMail } from '#deliveries/mails/debtor_mail'
import type Delivery from '#deliveries/models/delivery'
import { registerGuard, registerRecipe } from '#deliveries/recipes'
import { guardDebitsInProgress } from '#payments/guard'
import Payment from '#payments/models/payment'

/** CPCE R124-6: the creditor is remitted within a month, or sooner if the mandate says so. */
async function remitBy(payment: Payment) {
  const mandate = await payment.claim.creditor.mandateOn(payment.receivedOn)
  const month = addMonths(payment.receivedOn, 1)
  const agreed = mandate ? addDays(payment.receivedOn, mandate.remittanceDays) : month
  return agreed < month ? agreed : month
}

/** R124-6, rule 33: the receipt, with its PDF, to the debtor. */
async function receipt(delivery: Delivery) {
  const payment = await paymentOf(delivery)
  const known = await debtorMail(payment.claimId)
  if (!known) return { cancel: 'first_letter_pending' }
  const { RenderReceipt } = await import('#payments/actions/render_receipt')
  const { sha256 } = await new RenderReceipt().handle(payment.receipt.id)
  const { url } = await transaction((trx) => mintLink(trx, payment.claimId, 'receipt'))
  const mail = await composeMail(
    'receipt',
    {
      ...known.mail,
      link: url,
      number: payment.receipt.number,
      receivedOn: payment.receivedOn,
      paidInFull: payment.receipt.remainingCents === 0,
    },
    known.locale
  )
  const name = `Quittance ${payment.receipt.number}.pdf`
  return { ...mail, attachments: [{ name, mediaType: 'application/pdf', content: { fileSha256: sha256 } }] }
}

/** R124-5, rule 34: every payment, even partial, to the creditor's team. */
async function creditorNotice(delivery: Delivery) {
  const payment = await paymentOf(delivery)
  const { claim } = payment
  return composeMail('creditor_notice', {
    agency: await agencyCard(),
    url: `${appUrl}/claims/${claim.ref}`,
    claimRef: claim.ref,
    debtorName: claim.debtor.displayName,
    amountCents: payment.amountCents,
    method: payment.method,
    receivedOn: payment.receivedOn,
    destination: 'agency_account',
    remainingCents: payment.receipt.remainingCents,
    remitBy: await remitBy(payment),
  })
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
registerGuard(guardDebitsInProgress)
