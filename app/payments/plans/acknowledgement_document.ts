import type Agency from '#agency/models/agency'
import { instantText } from '#shared/moments'
import i18nManager from '@adonisjs/i18n/services/main'
import { pageRule, printedDocument } from '#letters/rendering/document'
import { markup } from '#letters/rendering/markup'
import { sender, shortened } from '#letters/templates/parts'
import type Acknowledgement from '#payments/plans/models/acknowledgement'
import type Plan from '#payments/plans/models/plan'

type DeedFacts = { agency: Agency; planRef: string; claimRef: string }

/**
 * The deed on one page: what the debtor read, to the letter, then what they typed themselves, and
 * when, from where, with the hash of both. A French document, whatever the language of the pages.
 */
export function acknowledgementDocument(
  deed: Acknowledgement,
  { agency, planRef, claimRef }: DeedFacts
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
  return onePage(title, body, { agency, planRef, claimRef })
}

/** What a debtor is asked to agree to, to the letter; signed by nobody. */
export function offerDocument(
  plan: Pick<Plan, 'offeredText' | 'startByAt'>,
  { agency, planRef, claimRef }: DeedFacts
): string {
  const title = `Proposition d’échéancier ${planRef}`
  const until = instantText(i18nManager.locale('fr'), plan.startByAt!)
  const body = markup`<main class="letter" style="page:deed">
<header class="letter-head">${sender(agency)}</header>
<h1 class="letter-subject">${title}</h1>
<p>Voici l’échéancier dont nous avons convenu. Il ne vous engage pas tant que vous ne l’avez pas validé sur votre page personnelle, ou fait son premier versement, avant le ${until}. Vous pouvez aussi le refuser, en proposer un autre, ou contester.</p>
<p><strong>Ce que vous auriez à valider, en écrivant vous-même la somme en chiffres et en lettres (article 1376 du code civil)</strong></p>
${plan.offeredText!.split('\n').map((line) => markup`<p>${line}</p>`)}
</main>`
  return onePage(title, body, { agency, planRef, claimRef })
}

function onePage(title: string, body: ReturnType<typeof markup>, { agency, claimRef, planRef }: DeedFacts) {
  const foot = { left: `${shortened(agency.name)} · Dossier ${claimRef} · Échéancier ${planRef}` }
  return printedDocument({ title, lang: 'fr', body, css: pageRule('deed', foot) })
}
