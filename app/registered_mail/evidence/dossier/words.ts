import type {
  EvidenceActor,
  EvidenceData,
  EvidenceLine,
  EvidenceType,
} from '#registered_mail/evidence/event_types'
import type { PadesLevel } from '#registered_mail/evidence/chains'

/** The evidence file is read by a French court: it is in French whatever the pages are in. */

type Telling = { [Type in EvidenceType]: (data: EvidenceData[Type]) => { what: string; shows: string } }

const TOLD: Telling = {
  'consent.recorded': ({ on, source, address }) => ({
    what: `Consentement du destinataire à recevoir ses courriers par voie électronique, donné le ${day(on)} (${source}), pour l’adresse ${address}.`,
    shows: 'Que ce consentement a été enregistré avant l’envoi, avec l’empreinte du texte accepté.',
  }),
  'letter.deposited': ({ channel, pages, bytes, seal }) => ({
    what:
      channel === 'ere' && seal
        ? `Dépôt de la lettre (${count(pages, 'page')}, ${bytes} octets), scellée au niveau PAdES ${seal} et figée.`
        : `La lettre est écrite et figée (${count(pages, 'page')}, ${bytes} octets), pour être ${LEAVES[channel]}.`,
    shows:
      'Quelle lettre, au caractère près, est en cause, et qu’elle existait à la date de l’horodatage, s’il y en a un.',
  }),
  'letter.posted': ({ registeredNumber }) => ({
    what: registeredNumber
      ? `Une personne de l’agence déclare avoir remis la lettre à La Poste sous le numéro de recommandé ${registeredNumber}.`
      : 'Une personne de l’agence déclare avoir remis la lettre à La Poste.',
    shows:
      'Que cette déclaration a été faite à cette date. La remise elle-même se prouve par le dépôt et l’avis de réception de La Poste.',
  }),
  'carrier.took': ({ carrier, reference }) => ({
    what: `${carrierName(carrier)} a pris la lettre en charge, sous sa référence ${reference}.`,
    shows:
      'Ce que le prestataire a répondu. Ses propres preuves sont citées ci-dessous dès qu’il les a données.',
  }),
  'carrier.told': ({ carrier, state, occurredAt, reason }) => ({
    what: `${carrierName(carrier)} : ${STATES[state] ?? state}${occurredAt ? `, le ${moment(occurredAt)}` : ''}${reason ? ` (${reason})` : ''}.`,
    shows: 'Ce qui a été dit de cette lettre à cette date, avant toute preuve.',
  }),
  'proof.received': ({ kind, from, sha256, mediaType, bytes }) => ({
    what: `${PROOFS[kind] ?? kind} reçue de ${carrierName(from)} et conservée (${mediaType}, ${bytes} octets, SHA-256 ${sha256}).`,
    shows: 'Que ce fichier, au caractère près, était entre les mains de l’agence à la date de cette ligne.',
  }),
  'notification.sent': ({ to, messageId, reply }) => ({
    what: `Avis envoyé à ${to} (message ${messageId}). Réponse du serveur de messagerie : « ${reply} ». Le délai de quinze jours court du lendemain.`,
    shows: 'Que le serveur du destinataire a pris en charge le message. Non que le message a été lu.',
  }),
  'notification.reminded': ({ to, messageId, reply }) => ({
    what: `Rappel envoyé à ${to} (message ${messageId}). Réponse du serveur de messagerie : « ${reply} ». Le délai n’en est pas changé.`,
    shows: 'Que le serveur du destinataire a pris en charge le rappel. Non qu’il a été lu.',
  }),
  'notification.relayed': ({ to, report }) => ({
    what: `Le serveur de messagerie rapporte que l’avis a été transmis à ${to} (${report}).`,
    shows: 'Ce que ce serveur a rapporté.',
  }),
  'notification.bounced': ({ to, code, nature }) => ({
    what: `L’avis n’a pas atteint ${to} : échec ${nature === 'hard' ? 'définitif' : 'passager'} (${code}).`,
    shows: 'Que l’avis n’est pas parvenu : cet envoi ne peut pas être dit « non réclamé ».',
  }),
  'notification.complained': ({ to, code }) => ({
    what: `Le service de messagerie de ${to} signale l’avis comme indésirable (${code}).`,
    shows: 'Ce que ce service a rapporté.',
  }),
  'page.fetched': ({ page }) => ({
    what: `Une page de l’envoi a été demandée au serveur (${page}).`,
    shows: 'Une demande technique, qui peut venir d’un automate. Elle ne prouve pas une lecture.',
  }),
  'identity.code_sent': ({ channel, address, contactSource }) => ({
    what: `Code à usage unique envoyé par ${sentTo(channel, address)} (coordonnée connue par : ${contactSource}).`,
    shows: 'Qu’un code a été envoyé à cette coordonnée.',
  }),
  'identity.failed': ({ channel, address, attempts }) => ({
    what:
      channel === 'letter'
        ? `Code erroné saisi au lieu de celui de la lettre ${address} (essai ${attempts}).`
        : `Code erroné saisi pour ${address} (essai ${attempts}).`,
    shows: 'Qu’un essai a échoué.',
  }),
  'identity.verified': (data) => ({
    what: `Saisie sans erreur, à l’essai ${data.attempts}, d’${identityMeans(data)}.`,
    shows:
      data.channel === 'letter'
        ? 'Que la personne a eu sous les yeux cette lettre, dont l’agence garde le double.'
        : 'Que la personne a eu accès à cette coordonnée. La force de ce lien dépend de l’origine de la coordonnée.',
  }),
  'letter.accepted': ({ statement }) => ({
    what: `Acceptation de l’envoi. Texte exact accepté : « ${statement} ».`,
    shows: 'Que la personne identifiée ci-dessus a accepté ce texte.',
  }),
  'letter.refused': ({ statement, reason }) => ({
    what: `Refus de l’envoi. Texte exact : « ${statement} ». Motif donné : ${reason}.`,
    shows: 'Que la personne identifiée ci-dessus a refusé l’envoi.',
  }),
  'content.handed_over': ({ bytes }) => ({
    what: `La lettre a été remise : ${bytes} octets servis, dont l’empreinte est celle de la lettre déposée.`,
    shows: 'Que le fichier a été transmis en entier à la personne connectée.',
  }),
  'content.viewed': ({ pages }) => ({
    what: `Pages affichées à l’écran : ${pages.join(', ')}.`,
    shows: 'Un indice d’affichage, non une lecture.',
  }),
  'letter.signed': ({ method, name, statement }) => ({
    what: `Signature électronique simple de ${name}, ${method === 'drawn' ? 'tracée' : 'saisie au clavier'}. Texte signé : « ${statement} ».`,
    shows:
      'Le texte et le document signés, par leurs empreintes. Une image de signature ne vaut pas à elle seule signature qualifiée.',
  }),
  'letter.expired': ({ deadlineAt, reminders }) => ({
    what: `Délai de quinze jours échu le ${moment(deadlineAt)} sans réponse, après ${count(reminders, 'rappel')}. L’envoi est non réclamé.`,
    shows: 'Qu’aucune acceptation ni aucun refus ne figure au journal avant cette date.',
  }),
  'letter.cancelled': ({ reason }) => ({
    what: `Envoi annulé : ${reason}.`,
    shows: 'Que l’agence a mis fin à cet envoi.',
  }),
  'fallback.paper': ({ reason }) => ({
    what: `Passage au recommandé sur papier : ${reason}.`,
    shows: 'Que l’envoi électronique a été remplacé.',
  }),
}

/** `un code…`: by what a recipient showed who they are. */
export const identityMeans = ({ channel, address, contactSource }: EvidenceData['identity.verified']) =>
  channel === 'letter'
    ? `un code imprimé sur la lettre ${address} (${contactSource})`
    : `un code à usage unique envoyé par ${sentTo(channel, address)}`

const sentTo = (channel: string, address: string) =>
  channel === 'sms' ? `SMS au ${address}` : `courriel à ${address}`

const LEAVES = {
  ere: 'remise à un prestataire, en envoi électronique avec accusé de réception',
  lrar: 'imprimée et remise à La Poste en recommandé avec avis de réception',
  lre: 'remise à un prestataire qualifié, en lettre recommandée électronique qualifiée',
}

const CARRIERS: Record<string, string> = {
  ar24: 'AR24',
  maileva: 'Maileva',
  merci_facteur: 'Merci Facteur',
  manual: 'L’agence',
  folder: 'L’imprimeur',
}
const carrierName = (name: string) => CARRIERS[name] ?? name

const STATES: Record<string, string> = {
  printed: 'lettre imprimée',
  sent: 'lettre partie',
  handed_over: 'lettre remise à La Poste',
  first_presentation: 'lettre présentée à son destinataire',
  awaiting_pickup: 'lettre mise à disposition de son destinataire',
  delivered: 'lettre distribuée',
  delivered_signed: 'lettre remise à son destinataire, qui en a accusé réception',
  refused: 'lettre refusée par son destinataire',
  unclaimed: 'lettre non réclamée par son destinataire',
  undeliverable: 'lettre non distribuable',
  notification_failed: 'l’avis n’est pas parvenu au destinataire',
  provider_rejected: 'lettre refusée par le prestataire',
}

const PROOFS: Record<string, string> = {
  deposit: 'Preuve de dépôt',
  dispatch: 'Preuve d’envoi',
  content: 'Preuve de contenu',
  receipt: 'Preuve de réception',
  refusal: 'Preuve de refus',
  non_claim: 'Preuve de non-réclamation',
  download: 'Preuve de téléchargement',
  returned_mail: 'Image du pli retourné',
  bounce: 'Preuve de non-remise de l’avis',
}

export function tell(line: EvidenceLine): { what: string; shows: string } {
  const telling = TOLD[line.type] as (data: EvidenceLine['data']) => { what: string; shows: string }
  return telling(line.data)
}

const ACTORS: Record<EvidenceActor['kind'], string> = {
  system: 'Le logiciel de l’agence',
  user: 'Une personne de l’agence',
  recipient: 'Le destinataire',
  creditor: 'Le créancier',
  provider: 'Un prestataire',
}

export function actorText({ kind, id, ip, port, ua, session }: EvidenceActor): string {
  const details = [
    id ? `n° ${id}` : null,
    ip ? `adresse IP ${ip}${port ? `, port ${port}` : ''}` : null,
    session ? `session ${session.slice(0, 12)}` : null,
    ua ? `navigateur « ${ua} »` : null,
  ].filter(Boolean)
  return details.length > 0 ? `${ACTORS[kind]} (${details.join(' ; ')})` : ACTORS[kind]
}

export const LEVELS: Record<PadesLevel, string> = {
  'B-B': 'PAdES B-B : cachet sans date de tiers. Sa date est celle que donne l’agence.',
  'B-T': 'PAdES B-T : cachet daté par l’autorité d’horodatage.',
  'B-LT': 'PAdES B-LT : cachet daté, avec les données qui permettent de le vérifier plus tard.',
  'B-LTA':
    'PAdES B-LTA : cachet daté, avec les données qui permettent de le vérifier plus tard, elles-mêmes horodatées.',
}

const count = (number: number, word: string) => `${number} ${word}${number > 1 ? 's' : ''}`

const LONG = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'Europe/Paris',
  dateStyle: 'long',
  timeStyle: 'medium',
})

/** In Paris, for people. */
export const moment = (instant: string) => LONG.format(new Date(instant))

const day = (on: string) => on.split('-').reverse().join('/')
