import type { Session } from './objects.js'

/** What was typed on the hosted page and why it did not pass. */
export interface PageProblem {
  message: string
  method: 'card' | 'sepa_debit'
}

/** The hosted payment page: plain HTML, no script, nothing loaded from elsewhere. */
export function paymentPage(session: Session, description: string, problem: PageProblem | null): string {
  const euros = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: session.currency! })
  const amount = session.mode === 'setup' ? 'plus tard' : euros.format(session.amount_total! / 100)
  const byDebit = problem?.method === 'sepa_debit'
  const offers = (type: string) => session.payment_method_types.includes(type)
  return page(
    `Payer ${amount}`,
    `<p class="where">Simulateur de paiement : aucun argent ne circule.</p>
<h1>${escape(amount)}</h1>
<p>${escape(description)}</p>
${problem ? `<p role="alert" class="problem" id="problem">${escape(problem.message)}</p>` : ''}
${offers('card') ? cardForm(!byDebit && problem !== null, amount) : ''}
${offers('sepa_debit') ? debitForm(byDebit, amount) : ''}
${session.cancel_url ? `<p><a href="${escape(session.cancel_url)}">Revenir sans payer</a></p>` : ''}`
  )
}

/** What is shown once the session is paid or expired. */
export function closedPage(session: Session): string {
  const back = session.success_url?.replace('{CHECKOUT_SESSION_ID}', session.id)
  return session.status === 'expired'
    ? page('Session expirée', '<h1>Cette session de paiement a expiré.</h1>')
    : page(
        'Paiement terminé',
        `<h1>Ce paiement est déjà terminé.</h1>${back ? `<p><a href="${escape(back)}">Continuer</a></p>` : ''}`
      )
}

function cardForm(failed: boolean, amount: string) {
  const described = failed ? ' aria-describedby="problem" aria-invalid="true"' : ''
  return `<form method="post"><fieldset><legend>Carte bancaire</legend>
<input type="hidden" name="method" value="card">
<label for="number">Numéro de carte</label>
<input id="number" name="number" inputmode="numeric" autocomplete="cc-number" required${described}>
<p class="hint">4242 4242 4242 4242 est acceptée, 4000 0000 0000 0002 est refusée.</p>
<label for="expiry">Expiration (MM / AA)</label>
<input id="expiry" name="expiry" autocomplete="cc-exp" value="12 / 34" required>
<label for="cvc">Cryptogramme</label>
<input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" value="123" required>
<button>${amount === 'plus tard' ? 'Enregistrer la carte' : `Payer ${escape(amount)}`}</button></fieldset></form>`
}

function debitForm(failed: boolean, amount: string) {
  const described = failed ? ' aria-describedby="problem" aria-invalid="true"' : ''
  return `<form method="post"><fieldset><legend>Prélèvement SEPA</legend>
<input type="hidden" name="method" value="sepa_debit">
<label for="iban">IBAN</label>
<input id="iban" name="iban" required${described}>
<p class="hint">FR14 2004 1010 0505 0001 3M02 606 réussit, FR84 2004 1010 0505 0001 3M02 607 échoue.</p>
<button>Autoriser le prélèvement de ${escape(amount)}</button></fieldset></form>`
}

export const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"

export function page(title: string, body: string) {
  return `<!doctype html><html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>
body{font:1rem/1.5 system-ui,sans-serif;max-width:28rem;margin:2rem auto;padding:0 1rem;color:#1d2730;background:#fff}
fieldset{border:1px solid #8a949c;border-radius:.5rem;margin:0 0 1.5rem;padding:1rem}
label{display:block;margin-top:.75rem;font-weight:600}
input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #66717a;border-radius:.25rem}
button{font:inherit;width:100%;margin-top:1rem;padding:.75rem;border:0;border-radius:.25rem;background:#17495c;color:#fff}
.where,.problem{padding:.5rem .75rem;background:#fdf3dc;border-left:.25rem solid #8a5a00}.hint{margin:.25rem 0;color:#4b565e;font-size:.9rem}
</style></head><body><main>${body}</main></body></html>`
}

export const escape = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
