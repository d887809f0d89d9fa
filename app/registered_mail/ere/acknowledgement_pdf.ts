import db from '@adonisjs/lucid/services/db'
import { machineNow } from '#shared/clock'
import { readStoredFile, sha256 } from '#shared/files'
import Agency from '#agency/models/agency'
import { ERE_LABEL } from '#letters/ere_label'
import Letter from '#letters/models/letter'
import { linesOf } from '#registered_mail/evidence/chains'
import { Sheet } from '#registered_mail/evidence/dossier/sheet'
import { actorText, identityMeans, moment } from '#registered_mail/evidence/dossier/words'
import type { EvidenceLine, EvidenceType } from '#registered_mail/evidence/event_types'
import Ere from '#registered_mail/ere/models/ere'

/**
 * The recipient's acknowledgement: a document apart from the letter, which it quotes by its SHA-256, and from
 * the evidence file. It says what the chain says, in French as the parties' papers are.
 *
 * @throws when the chain has no signature
 */
export async function acknowledgementPdf(ereId: number): Promise<{ pdf: Buffer; ref: string }> {
  const ere = await Ere.findOrFail(ereId)
  const letter = await Letter.findOrFail(ere.letterId)
  const lines = await linesOf(db.connection(), letter.id)
  const log = lines.map((line) => JSON.parse(line) as EvidenceLine)
  const signed = eventOf(log, 'letter.signed')
  // Who comes back to read is identified again: that is not how they were when they signed.
  const before = log.filter(({ seq }) => seq < signed.line.seq)
  const [deposit, identified, accepted] = [
    eventOf(before, 'letter.deposited'),
    eventOf(before, 'identity.verified'),
    eventOf(before, 'letter.accepted'),
  ]
  const { name: agency } = await Agency.currentOrFail()
  const sheet = new Sheet({
    title: `Accusé de réception ${letter.ref}`,
    author: agency,
    subject: `Accusé de réception de l’envoi ${letter.ref}`,
    keywords: signed.line.letter.sha256,
    createdAt: new Date(machineNow()),
  })
  sheet.text('Accusé de réception', { face: 'strong', size: 22, gap: 2 })
  sheet.text(`Envoi ${letter.ref}`, { size: 13, gap: 8 })
  sheet.rule()
  sheet.text(ERE_LABEL, { face: 'italic' })
  sheet.text('Ce document ne reproduit pas la lettre : il la désigne par son empreinte.')

  sheet.heading('La lettre')
  const { sender, creditor, recipient, pages } = deposit.line.data
  sheet.fact('Expéditeur', [sender.name, ...(sender.addressLines ?? [])].join(', '))
  sheet.fact('Pour le compte de', creditor.name)
  sheet.fact('Destinataire', [recipient.name, recipient.email].filter(Boolean).join(', '))
  sheet.fact('Déposée le', moment(deposit.line.at))
  sheet.fact('Pages', String(pages))
  sheet.fact('Empreinte (SHA-256)', signed.line.data.documentSha256, 'code')

  sheet.heading('Acceptation')
  sheet.text(`« ${accepted.line.data.statement} »`)
  sheet.fact('Le', moment(accepted.line.at))
  sheet.fact(
    'Identité vérifiée',
    `par ${identityMeans(identified.line.data)}, le ${moment(identified.line.at)}`
  )

  sheet.heading('Signature')
  sheet.text(`« ${signed.line.data.statement} »`)
  const { method, name, imageSha256, statementSha256 } = signed.line.data
  if (imageSha256) sheet.picture(await readStoredFile(imageSha256), `Signature tracée par ${name}`)
  sheet.fact('Signé par', `${name}, ${method === 'drawn' ? 'signature tracée' : 'nom saisi au clavier'}`)
  sheet.fact('Le', moment(signed.line.at))
  sheet.fact('Depuis', actorText(signed.line.actor))
  sheet.fact('Phrase (SHA-256)', statementSha256, 'code')
  if (imageSha256) sheet.fact('Image (SHA-256)', imageSha256, 'code')
  sheet.space(6)
  sheet.text(
    'Signature électronique simple. Une image de signature ne vaut pas à elle seule signature qualifiée ; ce qui la prouve est l’ensemble des lignes du journal.',
    { size: 9.5, face: 'italic' }
  )

  sheet.heading('Journal')
  sheet.text('Ces empreintes se comparent à celles du dossier de preuve, que chaque partie peut demander.')
  for (const { label, found } of [
    { label: 'Dépôt', found: deposit },
    { label: 'Acceptation', found: accepted },
    { label: 'Signature', found: signed },
  ])
    sheet.fact(`${label}, ligne ${found.line.seq}`, found.hash, 'code')
  return { pdf: await sheet.end(), ref: letter.ref }

  function eventOf<Type extends EvidenceType>(from: EvidenceLine[], type: Type) {
    const index = from.findLastIndex((line) => line.type === type)
    if (index === -1) throw new Error(`the chain of ${letter.ref} has no ${type}`)
    return { line: from[index] as EvidenceLine<Type>, hash: sha256(lines[index]!) }
  }
}
