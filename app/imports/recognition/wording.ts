import type { Field } from '#imports/fields'

/**
 * How creditors name their columns, on folded text (lower case, no accents, no punctuation).
 * The first rule that matches a header decides; more precise wordings come first.
 * `weight` settles which of two columns keeps a field: "Montant TTC" before "Montant".
 */
export type Wording = { field: Field | null; pattern: RegExp; weight: number }

const rule = (field: Field | null, weight: number, pattern: RegExp): Wording => ({ field, pattern, weight })

export const WORDINGS: readonly Wording[] = [
  // Contacts first: "adresse e-mail" is not a postal address.
  rule('email', 9, /\be ?mails?\b|\bcourriels?\b|\bmails?\b|\badresse electronique\b/),
  rule('mobile', 9, /\b(mobile|portable|gsm|cell(ulaire|phone)?)\b/),
  rule('mobile', 6, /\b(tel(ephone)?s?|phone|numero de contact)\b/),

  // Identifiers that look like a company or an invoice.
  rule('siren', 9, /\bsir(en|et)\b/),
  rule('siren', 4, /\b(n|no|numero) (rcs|d immatriculation)\b|^rcs$/),
  rule(
    null,
    9,
    /\b(tva|vat)\b(?!.*ttc)|\b(hors taxes?|ht)\b(?!.*ttc)|\biban\b|\bbic\b|\brib\b|\bpays\b|\bcountry\b/
  ),
  rule(
    null,
    8,
    /\b(code|n|no|num|numero|ref|reference|id|identifiant|compte) (de )?(client|tiers|compte|debiteur|customer)\b/
  ),
  rule(
    null,
    8,
    /\b(mode|moyen|conditions?|delai|echeancier)s? (de |du )?(paiement|reglement)s?\b|\bdevise\b|\bcurrency\b/
  ),
  rule(
    null,
    8,
    /\bjours? (de )?retard\b|\bretard\b|\brelances?\b|\bstatut\b|\bcommentaires?\b|\bobservations?\b|\bremarques?\b/
  ),
  rule(null, 7, /\bdates? (de |du )?(paiement|reglement|relance|naissance|livraison|commande)\b/),

  // Dates.
  rule('due_on', 9, /\becheances?\b|\bdue (date|on)\b|\ba payer avant\b|\bdate limite\b|\bexigib/),
  rule(
    'issued_on',
    9,
    /\bdate (d )?(emission|facture|facturation|edition)\b|\bemise? le\b|\bissued?\b|\binvoice date\b|\bdate (de )?(la |l )?factur|\bfactures? date\b/
  ),
  rule('issued_on', 5, /^date( piece| document)?$|\bdate d edition\b/),

  // Amounts: what was paid, then what is left, then the total.
  rule(
    'down_payment',
    9,
    /\bacomptes?\b|\bavances?\b|\bdeja (paye|regle|verse)s?\b|\b(reglements?|paiements?|versements?)( deja)?( recus?| effectues?)?$|\b(montant|total|somme) (deja )?(paye|regle|verse|encaisse)e?s?\b|\bpaid\b|\bdown payments?\b|\bdeposits?\b/
  ),
  rule(
    'due_amount',
    9,
    /\b(reste|restant|solde)( a| restant)?( du| payer| regler| devoir)?\b|\b(montant|somme|total) (restante? )?(du|due|a payer|impaye|exigible)e?\b|\bimpayes?\b|\b(amount|balance) due\b|\boutstanding\b|\bcreance\b/
  ),
  rule('amount', 9, /\bttc\b|\btoutes taxes\b|\b(gross|total) amount\b|\bincl(uding)? (vat|tax)\b/),
  rule('amount', 6, /\b(montant|total)( de la| d)?( factures?| facture)?\b|\bamount\b/),
  rule('amount', 4, /\b(prix|somme|valeur)\b/),

  // The invoice.
  rule(
    'invoice_number',
    9,
    /\b(n|no|nr|num|numeros?|ref|references?)( de| d| des| la| du)* (factures?|pieces?|fact|document)\b|\binvoice (number|no|n|ref|id)\b|\bfactures? (n|no|num|numero)s?\b/
  ),
  rule(
    'invoice_number',
    6,
    /^factures?$|^invoices?$|^pieces?$|^(n|no|numero)$|^ref(erence)?s?$|\breference facture\b/
  ),
  rule(
    'description',
    8,
    /\bdescriptions?\b|\blibelles?\b|\bdesignations?\b|\bobjet\b|\bprestations?\b|\bnature\b|\bintitule\b|\bservices? (factures?|rendus?)\b|\bmotif\b/
  ),

  // Who issued the invoice: the creditor, not the debtor.
  rule(
    'emitter_address',
    9,
    /\badresse\b.*\b(votre entreprise|creancier|emetteur|emettrice|fournisseur|vendeur)\b/
  ),
  rule(
    'emitter',
    9,
    /\b(emet|emets|emettrice|emetteur|creancier|creanciere|fournisseur|vendeur|votre (entreprise|societe)|facture par|mandant)\b/
  ),

  // The debtor's address.
  rule('postcode', 9, /\b(code postal|cp|zip|postcode|postal code)\b(?!.*ville)/),
  rule('address', 9, /\b(cp|code postal)\b.*\bville\b.*\badresse\b|\badresse\b.*\b(cp|code postal)\b/),
  rule('city', 8, /\b(ville|commune|localite|city|town)\b/),
  rule('complement', 9, /\bcomplements?\b|\b(adresse|address|rue) ?[23]\b|\bbatiment\b|\bcpl\b/),
  rule('address', 8, /\b(adresse|address|domicile|siege( social)?)\b/),
  rule('address', 5, /\b(rue|voie|street)\b/),

  // The debtor.
  rule('civility', 9, /\bcivilites?\b|^(civ|titre|title|genre|mr mme|m mme)$/),
  rule('first_name', 9, /^prenoms?( du| de la| client| debiteur| contact)*$|^first ?name$|^given name$/),
  rule(
    'full_name',
    9,
    /\b(noms? complets?|nom( et)? prenoms?|prenoms?( et)? noms?|full ?name|nom du (client|debiteur|contact|destinataire)|nom (client|debiteur))\b/
  ),
  rule(
    'company_name',
    9,
    /\b(raison sociale|denomination|nom (de |d )?(la |l )?(societe|entreprise)|company( name)?)\b/
  ),
  rule('company_name', 8, /\b(societe|entreprise|etablissement|organisme|enseigne|business)\b/),
  rule('last_name', 7, /^noms?( de famille| d usage| patronymique)?$|^last ?name$|^surname$|^family name$/),
  rule(
    'full_name',
    6,
    /^(client|clients|debiteur|debiteurs|contact|destinataire|tiers|customer|name|nom client.*|identite|interlocuteur)$/
  ),
  rule('full_name', 3, /\b(nom|name|client|debiteur)\b/),
]
