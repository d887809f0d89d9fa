import { appUrl } from '#config/app'
import { composeMail } from '#deliveries/mails/compose_mail'
import { agencyCard } from '#deliveries/mails/debtor_mail'
import type Delivery from '#deliveries/models/delivery'
import { registerRecipe, type Attachment } from '#deliveries/recipes'
import Remittance from '#banking/remittances/models/remittance'

/** What was remitted, to the creditor's team, with the statement and the fee's invoice. */
async function remittance(delivery: Delivery) {
  const paid = await Remittance.query()
    .where('id', Number(delivery.parameters.remittanceId))
    .preload('feeInvoice')
    .firstOrFail()
  const { PrintStatement, PrintFeeInvoice } = await import('#banking/remittances/actions/print_papers')
  const invoice = paid.feeInvoice
  const attachments = [pdf(`Releve ${paid.ref}`, (await new PrintStatement().handle(paid)).sha256)]
  if (invoice)
    attachments.push(
      pdf(
        `${invoice.isCreditNote ? 'Avoir' : 'Facture'} ${invoice.number}`,
        (await new PrintFeeInvoice().handle(invoice)).sha256
      )
    )
  const mail = await composeMail('remittance', {
    agency: await agencyCard(),
    url: `${appUrl}/remittances/${paid.ref}`,
    ref: paid.ref,
    paidOn: paid.paidOn!,
    untilOn: paid.untilOn,
    collectedCents: paid.collectedCents,
    keptCents: paid.keptCents,
    direct: paid.direct,
    netCents: paid.netCents,
    invoiceNumber: invoice?.number ?? null,
  })
  return { ...mail, attachments }
}

const pdf = (name: string, fileSha256: string): Attachment => ({
  name: `${name}.pdf`,
  mediaType: 'application/pdf',
  content: { fileSha256 },
})

registerRecipe('banking.remittance', remittance)
