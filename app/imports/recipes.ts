import { buffer } from 'node:stream/consumers'
import i18nManager from '@adonisjs/i18n/services/main'
import { appUrl } from '#config/app'
import { civilDateAt } from '#shared/clock'
import { composeMail } from '#deliveries/mails/compose_mail'
import { agencyCard } from '#deliveries/mails/debtor_mail'
import type Delivery from '#deliveries/models/delivery'
import { registerRecipe, type Attachment, type EmailContent } from '#deliveries/recipes'
import Import from '#imports/models/import'
import { XLSX } from '#imports/sheets/media_type'

/** R17: the mandate and the table acknowledged, the signed mandate and the rows to correct attached. */
async function acknowledgement(delivery: Delivery) {
  const committed = await Import.query()
    .where('id', Number(delivery.parameters.importId))
    .preload('creditor')
    .firstOrFail()
  const { summary, creditor } = committed
  if (committed.state !== 'committed' || !summary) return { cancel: 'import_undone' }
  const receivedOn = civilDateAt(committed.createdAt)
  const mandate = await creditor.mandateOn(receivedOn)
  if (!mandate) return { cancel: 'mandate_missing' }
  const rejected = new Set(summary.rejected.map(({ row }) => row)).size
  const mail = await composeMail('acknowledgement', {
    agency: await agencyCard(),
    url: `${appUrl}/imports/${committed.ref}`,
    fileName: committed.filename,
    receivedOn,
    rows: summary.rows,
    claims: summary.claims,
    b2b: summary.b2b,
    b2c: summary.b2c,
    merged: summary.merged,
    rejected,
    startsBy: committed.verifyByOn,
    mandateSignedOn: mandate.signedOn,
  })
  const attachments: Attachment[] = []
  if (mandate.fileSha256) {
    const content = { fileSha256: mandate.fileSha256 }
    attachments.push({ name: `Mandat ${creditor.ref}.pdf`, mediaType: 'application/pdf', content })
  }
  if (rejected > 0) attachments.push(await tableToCorrect(committed))
  return { ...mail, attachments } satisfies EmailContent
}

async function tableToCorrect(committed: Import): Promise<Attachment> {
  const { annotatedImport } = await import('#imports/sheets/annotated_import')
  const bytes = await buffer((await annotatedImport(committed, i18nManager.locale('fr'))) as never)
  return { name: `À corriger, ${committed.ref}.xlsx`, mediaType: XLSX, content: { bytes } }
}

registerRecipe('imports.acknowledgement', acknowledgement)
