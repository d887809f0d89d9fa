import { formatDecimal, formatEuros } from '#shared/money'
import type { ComposedLetter } from '#letters/rendering/batch'
import { markup, raw, type Markup } from '#letters/rendering/markup'

const WORKS = ['Prises de vue catalogue', 'Retouche photo', 'Mise en page du livret', 'Impression d’épreuves']

const LOGO = raw(
  `<svg viewBox="0 0 120 40" width="113" height="38" role="img" aria-label="Logo"><rect width="40" height="40" rx="8" fill="#1f4d57"/><path d="M10 28 20 10l10 18M14 22h12" fill="none" stroke="#fff" stroke-width="3"/><circle cx="60" cy="20" r="14" fill="#b9bfc2"/><circle cx="92" cy="20" r="14" fill="#4f5a60"/></svg>`
)

const PARAGRAPH =
  'Nous exerçons une activité de recouvrement amiable de créances et sommes mandatés par STUDIO RIVAGE, 12 quai de la Tournelle, 75005 Paris. Sauf erreur de notre part, la somme suivante reste due, dont le détail est donné ci-dessous.'

/**
 * Letter number `index` of the mix: six in ten of one page (12 to 18 rows), three
 * of two (30 to 40), one of three (50 and an annex). The same index is the same letter.
 */
export function benchLetter(index: number): ComposedLetter {
  const tenth = index % 10
  const [rows, annexes] = tenth < 6 ? [12 + (index % 7), 0] : tenth < 9 ? [30 + (index % 11), 0] : [50, 1]
  const ref = `AM-2026-${String(index).padStart(5, '0')}`
  return {
    title: `Lettre ${ref}-L1`,
    foot: `Cabinet Amiable · Dossier ${ref} · Lettre ${ref}-L1 du 16/11/2026`,
    rows,
    body: markup`<header class="letter-head">${LOGO}
<p class="letter-from">12 rue des Archives, 75004 Paris<br>01 84 80 00 00 · contact@amiable.example</p>
<p class="letter-window"><span>ATELIER DES HALLES ${index}</span><span>Madame Camille Fournier</span><span>24 RUE DE LA REPUBLIQUE</span><span>69002 LYON</span></p></header>
<h1 class="letter-subject">Objet : Mise en demeure de payer ${ref}</h1>
<p>${PARAGRAPH}</p>
${table(index, rows)}
<p>${PARAGRAPH}</p>
${annexes > 0 && markup`<div class="letter-annex"><h2>Annexe</h2>${Array.from({ length: 8 }, () => markup`<p>${PARAGRAPH}</p>`)}</div>`}`,
  }
}

function table(index: number, rows: number): Markup {
  let total = 0
  const lines = Array.from({ length: rows }, (_, row) => {
    const cents = 12_000 + ((index * 7919 + row * 104_729) % 90_000)
    total += cents
    return markup`<tr><th scope="row">RV-${index}-${row}</th><td>${WORKS[(index + row) % WORKS.length]!}</td><td class="n">09/01/2026</td><td class="n">08/02/2026</td><td class="num">${formatDecimal(cents)}</td></tr>`
  })
  return markup`<table class="letter-invoices"><thead><tr><th scope="col" class="wide">Facture</th><th scope="col">Prestation</th><th scope="col">Émise le</th><th scope="col">Échéance</th><th scope="col" class="num">Montant</th></tr></thead><tbody>${lines}</tbody><tfoot><tr><th scope="row" colspan="4">Total</th><td class="num">${formatEuros(total)}</td></tr></tfoot></table>`
}
