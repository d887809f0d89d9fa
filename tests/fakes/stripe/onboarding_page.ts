import { escape, page } from './payment_page.js'
import type { ConnectedAccount } from './objects.js'

/** The hosted page on which a creditor opens its account: plain HTML, no script, nothing loaded from elsewhere. */
export function onboardingPage(account: ConnectedAccount, problem: string | null): string {
  const wanted = account.requirements?.currently_due ?? []
  const described = problem ? ' aria-describedby="problem" aria-invalid="true"' : ''
  return page(
    'Ouvrir un compte',
    `<p class="where">Simulateur de Stripe : aucun compte n’est ouvert, aucun argent ne circule.</p>
<h1>Votre compte de paiement</h1>
${wanted.length > 0 ? `<p>À fournir : ${escape(wanted.join(', '))}</p>` : ''}
${problem ? `<p role="alert" class="problem" id="problem">${escape(problem)}</p>` : ''}
<form method="post"><fieldset><legend>Votre entreprise</legend>
<label for="name">Nom du représentant</label>
<input id="name" name="name" autocomplete="off">
<label for="iban">IBAN</label>
<input id="iban" name="iban" autocomplete="off"${described}>
<p class="hint">FR14 2004 1010 0505 0001 3M02 606 est acceptée, avec FR84 2004 1010 0505 0001 3M02 607 Stripe vérifie d’abord une pièce.</p>
<label><input type="checkbox" name="terms" value="yes" style="width:auto"> J’accepte les conditions</label>
<button name="act" value="send">Envoyer</button>
<button name="act" value="later">Continuer plus tard</button></fieldset></form>`
  )
}
