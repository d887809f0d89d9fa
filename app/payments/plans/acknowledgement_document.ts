import type Agency from '#agency/models/agency'
import { instantText } from '#shared/moments'
import i18nManager from '@adonisjs/i18n/services/main'
import { pageRule, printedDocument } from '#letters/rendering/document'
import { markup } from '#letters/rendering/markup'
import { sender, shortened } from '#letters/templates/parts'
import type Acknowledgement from '#payments/plans/models/acknowledgement'

/**
 * The deed on one page: what the debtor read, to the letter, then what they typed themselves, and
 * when, from where, with the hash of both. A French document, whatever the language of the pages.
 */
export function acknowledgementDocument(
  deed: Acknowledgement,
  { agency, planRef, claimRef }: { agency: Agency; planRef: string; claimRef: string }
): string {
  const title = `Reconnaissance de dette et échéancier ${planRef}`
  const at = instantText(i18nManager.locale('fr'), deed.createdAt)
  const [declaration, ...rest] = deed.text.split('\n')
  const body = markup`<main class="letter" style="page:deed">
<header class="letter-head">${sender(agency)}</header>
<h1 class="letter-subject">${title}</h1>
<p>${declaration}</p>
${rest.map((line) => markup`<p>${line}</p>`)}
<p><strong>Somme écrite par le débiteur lui-même (article 1376 du code civil)</strong></p>
<p>En chiffres : « ${deed.typedFigures} »</p>
<p>En toutes lettres : « ${deed.typedWords} »</p>
<p><small>Fait sur la page personnelle du débiteur, le ${at}${deed.ip && `, depuis l’adresse ${deed.ip}`}${deed.userAgent && `, avec ${deed.userAgent}`}.</small></p>
<p><small>Empreinte SHA-256 du texte ci-dessus et des deux mentions, séparés par un saut de ligne : ${deed.textSha256}</small></p>
</main>`
  const foot = { left: `${shortened(agency.name)} · Dossier ${claimRef} · Échéancier ${planRef}` }
  return printedDocument({ title, lang: 'fr', body, css: pageRule('deed', foot) })
}
