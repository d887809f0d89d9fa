import { createHash, type X509Certificate } from 'node:crypto'
import { machineNow } from '#shared/clock'
import type { Evidence } from '#registered_mail/evidence/actions/export_proof'
import { logOf, type PadesLevel } from '#registered_mail/evidence/chains'
import { fingerprintOf } from '#registered_mail/evidence/crypto/certificates'
import { Sheet } from '#registered_mail/evidence/dossier/sheet'
import { ERE_LABEL } from '#letters/ere_label'
import { actorText, LEVELS, moment, tell } from '#registered_mail/evidence/dossier/words'
import type { EvidenceLine } from '#registered_mail/evidence/event_types'

export interface DossierOptions {
  level: PadesLevel
  sealedBy: X509Certificate
}

type Deposit = EvidenceLine<'letter.deposited'>['data']

/** The account of one letter for a person who must judge: what happened, what shows it, what nothing shows. */
export async function dossierPdf(evidence: Evidence, options: DossierOptions): Promise<Buffer> {
  const now = new Date(machineNow())
  const log = evidence.lines.map((line) => JSON.parse(line) as EvidenceLine)
  const deposit = log.find(
    (line): line is EvidenceLine<'letter.deposited'> => line.type === 'letter.deposited'
  )?.data
  const sheet = new Sheet({
    title: `Dossier de preuve ${evidence.ref}`,
    author: evidence.agency,
    subject: `Journal de l’envoi ${evidence.ref}`,
    keywords: evidence.head,
    createdAt: now,
  })
  sheet.attach(
    Buffer.from(logOf(evidence.lines)),
    'events.jsonl',
    'Journal des événements, une ligne par événement',
    now
  )
  openingOf(sheet, evidence, log, deposit, now)
  partiesOf(sheet, evidence, deposit)
  chronologyOf(sheet, evidence, log)
  strengthOf(sheet, evidence, log, options)
  verificationOf(sheet, evidence, options)
  return sheet.end()
}

function openingOf(
  sheet: Sheet,
  evidence: Evidence,
  log: EvidenceLine[],
  deposit: Deposit | undefined,
  now: Date
) {
  sheet.text('Dossier de preuve', { face: 'strong', size: 22, gap: 2 })
  sheet.text(`Courrier ${evidence.ref}`, { size: 13, gap: 8 })
  sheet.rule()
  const last = log.at(-1)!
  sheet.text(
    `Ce dossier retrace ce qui est arrivé à un courrier, du ${moment(log[0]!.at)} au ${moment(last.at)}. Il a été établi le ${moment(now.toISOString())} par ${evidence.agency}. Les heures sont celles de Paris.`
  )
  sheet.text(
    `Chaque événement est une ligne d’un journal où l’on ne peut qu’ajouter : chaque ligne porte l’empreinte de la précédente, si bien qu’aucune ne peut être changée, ôtée ni déplacée sans que cela se voie.`
  )
  if (deposit?.channel === 'ere') sheet.text(ERE_LABEL, { face: 'italic' })
  if (log.some(({ clock }) => clock === 'simulated')) {
    sheet.text(
      'Ce journal a été écrit pendant une démonstration, l’horloge étant simulée : ses dates ne prouvent rien.',
      {
        face: 'strong',
      }
    )
  }
}

function partiesOf(sheet: Sheet, { letter, ref }: Evidence, deposit: Deposit | undefined) {
  if (!deposit) return
  sheet.heading('Le courrier et les parties')
  const { sender, creditor, recipient } = deposit
  const one = (party: typeof sender) =>
    [party.name, ...(party.addressLines ?? []), party.email].filter(Boolean).join(', ')
  sheet.fact('Expéditeur', one(sender))
  sheet.fact('Pour le compte de', one(creditor))
  sheet.fact('Destinataire', one(recipient))
  sheet.fact('Référence', ref)
  sheet.fact(
    'Lettre',
    `${deposit.pages} page${deposit.pages > 1 ? 's' : ''}, ${letter.length} octets, jointe : content/lettre.pdf`
  )
  sheet.fact('Empreinte (SHA-256)', createHash('sha256').update(letter).digest('hex'), 'code')
}

function chronologyOf(sheet: Sheet, { stamps }: Evidence, log: EvidenceLine[]) {
  sheet.heading('Ce qui s’est passé')
  for (const line of log) {
    const { what, shows } = tell(line)
    const stamp = stamps.get(line.seq)
    sheet.keepTogether(96)
    sheet.text(`${line.seq}. ${moment(line.at)}`, { face: 'strong', size: 10.5, gap: 1 })
    sheet.text(what, { indent: 16, gap: 2 })
    sheet.text(`Qui : ${actorText(line.actor)}.`, { indent: 16, gap: 2, size: 9.5 })
    sheet.text(`Date : ${dateText(line, stamp)}`, { indent: 16, gap: 2, size: 9.5 })
    sheet.text(`Ce que cela montre : ${shows}`, { indent: 16, gap: 9, size: 9.5, face: 'italic' })
  }
}

function dateText(line: EvidenceLine, stamp: { datedAt: string; authority: string } | undefined): string {
  if (stamp) return `horodatée par un tiers le ${moment(stamp.datedAt)} (${stamp.authority}).`
  if (line.tsa) return 'horodatage en attente : l’autorité n’avait pas encore répondu.'
  return 'celle de l’horloge de l’agence ; elle précède celle de tout horodatage qui suit.'
}

function strengthOf(
  sheet: Sheet,
  { anchor, waiting }: Evidence,
  log: EvidenceLine[],
  { level }: DossierOptions
) {
  sheet.heading('Ce qui le prouve')
  sheet.text(
    'L’ordre et le contenu des lignes, par leur enchaînement ; la lettre, par son empreinte dans chaque ligne.'
  )
  sheet.text(
    anchor.datedAt
      ? `La date et l’intégrité de l’ensemble, par l’ancrage : l’empreinte de la dernière ligne, réunie à celles de tous les autres journaux, a été horodatée par un tiers le ${moment(anchor.datedAt)}.`
      : anchor.response === null && log.some(({ tsa }) => tsa)
        ? 'L’ancrage est calculé ; son horodatage par le tiers est en attente.'
        : 'L’ancrage est calculé, mais aucun tiers ne l’a daté.'
  )
  sheet.text(`Ce document, par le cachet de l’agence. ${LEVELS[level]}`)
  if (waiting > 0)
    sheet.text(`Horodatages en attente à la date de ce dossier : ${waiting}.`, { face: 'strong' })

  sheet.heading('Ce que ce dossier ne prouve pas')
  const lacks = [
    'Que le destinataire a lu ou compris la lettre : aucun moyen technique ne le montre.',
    'L’identité civile de qui a agi, au-delà des vérifications décrites plus haut.',
    ...(log.some(({ tsa }) => tsa)
      ? []
      : [
          'Les dates, autrement que par l’horloge de l’agence : aucune autorité d’horodatage n’était configurée.',
        ]),
    'Ce qui se serait passé hors de ce journal, ou après sa dernière ligne.',
  ]
  for (const one of lacks) sheet.text(`–  ${one}`, { indent: 8 })
}

function verificationOf(sheet: Sheet, { head, anchor, lines }: Evidence, { sealedBy }: DossierOptions) {
  sheet.heading('Le vérifier')
  sheet.text(
    'Le dossier complet (ZIP) se vérifie sans l’agence : « sh verifier.sh » n’emploie que sha256sum et openssl. Le journal est aussi joint à ce PDF, sous le nom events.jsonl. Ces empreintes se comparent à celles de tout dossier du même courrier établi plus tôt.'
  )
  sheet.fact('Lignes du journal', String(lines.length))
  sheet.fact('Dernière ligne', head, 'code')
  sheet.fact('Racine de l’ancrage', anchor.anchor.root, 'code')
  sheet.fact('Cachet', sealedBy.subject.replaceAll('\n', ', '))
  sheet.fact('Certificat (SHA-256)', fingerprintOf(sealedBy), 'code')
}
