import type { Field } from '#imports/fields'

/**
 * How creditors name their columns, on folded text (lower case, no accents, no punctuation; a
 * bar reads as "ou"). The first rule that matches a header decides; more precise wordings come
 * first. `weight` settles which of two columns keeps a field: "Montant TTC" before "Montant".
 * French first, then the languages of the neighbours whose accounting programs are met here.
 */
export type Wording = { field: Field | null; pattern: RegExp; weight: number }

const rule = (field: Field | null, weight: number, pattern: RegExp): Wording => ({ field, pattern, weight })

/** A header that has all of these, in any order, as whole words. */
const all = (...words: string[]) => new RegExp(words.map((word) => `(?=.*\\b(?:${word})\\b)`).join(''))

const EMITTER =
  'emet|emets|emettrices?|emetteurs?|creanciers?|creancieres?|fournisseurs?|vendeurs?|prestataires?|mandants?|(?:votre|notre) (?:entreprise|societe)|facture par|sellers?|suppliers?|vendors?|issuer|creditor|(?:your|our) company'
const NUMBER = 'n|no|nr|num|numeros?|nos?|numbers?|nummer|numer'
const INVOICE = 'factures?|fact|invoices?|inv|bills?|rechnungs?|factura|fattura|factuur|fatura'
const INCLUDING =
  'ttc|tvac|incl|including|inc|inclusive|inkl|brutto|gross|toutes taxes|iva incluid[oa]|iva inclus[oa]'

export const WORDINGS: readonly Wording[] = [
  // Who issued the invoice: the creditor. None of its own data is the debtor's.
  rule(
    null,
    9,
    all(
      EMITTER,
      'e ?mails?|courriels?|mails?|tel(?:ephone)?s?|phone|mobile|portable|siren|siret|rcs|tva|vat|iban|bic|rib|cp|code postal|ville|pays|city|country|postcode'
    )
  ),
  rule('emitter_address', 9, all(EMITTER, 'adresse|address|siege')),

  // Contacts first: "adresse e-mail" is not a postal address.
  rule(
    'email',
    9,
    /\be ?mails?\b|\bcourriels?\b|\bmails?\b|\b(adresse|address|direccion) electroni(que|c|ca)\b|\be ?mail ?adress?e?n?\b|\bcorreo( electronico)?\b|\bposta elettronica\b/
  ),
  rule(
    'mobile',
    9,
    /\b(mobiles?|portables?|gsm|cell(ulaire|phone)?|handy(nummer)?|movil|celular|cellulare|mobiel|mobil(nummer|telefon)?)\b/
  ),
  rule(
    'mobile',
    6,
    /\b(tel(ephone)?s?|phones?|telefono?|telefonnummer|telefoon(nummer)?|telefone|numero de contact)\b/
  ),

  // Identifiers that look like a company or an invoice.
  rule('siren', 9, /\bsir(en|et)\b/),
  rule('siren', 4, /\b(n|no|numero) (rcs|d immatriculation)\b|^rcs$|\b(company )?registration (number|no)\b/),
  rule('country', 9, /^(code )?(pays|country|land|pais|paese)( code| (du|de|of) .*)?$/),
  rule(
    'currency',
    9,
    /^(code )?(devise|monnaie|currency|wahrung|moneda|valuta|divisa)( code| (de|du|of) .*)?$/
  ),
  rule(
    null,
    9,
    new RegExp(
      `^(?!.*\\b(?:${INCLUDING})\\b).*\\b(?:tva|vat|hors taxes?|ht|htva|mwst|iva|btw|net amount|netto|tax)\\b`
    )
  ),
  rule(null, 9, /\biban\b|\bbic\b|\brib\b|\blivraison\b|\bdelivery\b|\bshipping\b/),
  rule(
    null,
    8,
    /\b(code|n|no|num|numero|ref|reference|id|identifiant|compte) (de )?(client|tiers|compte|debiteur|customer)s?\b|\b(customer|client|account) (id|no|nr|number|code|ref(erence)?)\b|\bkunden(nummer|nr)\b|\bklantnummer\b/
  ),
  rule(
    null,
    8,
    /\b(mode|moyen|conditions?|delai|echeancier)s? (de |du )?(paiement|reglement)s?\b|\bpayment (terms?|methods?)\b/
  ),
  rule(
    null,
    8,
    /\bjours? (de )?retard\b|\bretard\b|\brelances?\b|\bstatuts?\b|\bstatus\b|\bcommentaires?\b|\bcomments?\b|\bobservations?\b|\bremarques?\b|\bnotes?\b|\bdays?\b/
  ),
  rule(
    null,
    7,
    /\bdates? (de |du |d )?(dernier )?(paiement|reglement|relance|naissance|livraison|commande|acompte|versement)\b|\b(payment|paid|order|birth) date\b/
  ),

  // Dates.
  rule(
    'due_on',
    9,
    /^(?!.*\b(montant|solde|jours?|nombre)\b).*(\becheances?\b|\bdue (date|on|by)\b|\bpayment due\b|\bpay(able)? (by|le|avant)\b|\ba (payer|regler) avant\b|\bdate limite\b|\bexigib|\bfallig|\bzahlbar bis\b|\bvencimiento\b|\bscadenza\b|\bvervaldatum\b|\bvencimento\b)/
  ),
  rule(
    'issued_on',
    9,
    /\bdate (d )?(emission|factures?|facturation|edition|invoice)\b|\b(emise?|facturee?) le\b|\bissued?\b( on| date)?$|\b(invoice|issue|billing|bill|inv) date\b|\bdate (de )?(la |l )?factur|\bfactures? date\b|\bdate of (issue|invoice)\b|\brechnungsdatum\b|\bfecha( de)?( la)? (factura|emision)\b|\bdata( della)? (fattura|emissione)\b|\bfactuurdatum\b/
  ),
  rule('issued_on', 5, /^date( de)?( la)?( piece| document| ecriture)?$|^datum$|^fecha$|^data$/),

  // Amounts: what was paid, then what is left, then the total.
  rule(
    'down_payment',
    9,
    /\bacomptes?\b|\bavances?\b|\bdeja (paye|regle|verse)e?s?\b|\b(reglements?|paiements?|versements?|encaissements?)( deja)?( recus?| effectues?)?$|\b(montants?|total|somme) (deja )?(paye|regle|verse|encaisse)e?s?\b|^(payes?|regles?|verses?)$|\bpaid\b|\bprepa(id|yments?)\b|\bdown payments?\b|\bdeposits?\b|\b(payments?|amount) received\b|\banzahlung(en)?\b|\b[bg]ezahlt\b|\banticipos?\b|\bpagado\b|\bacconti?o?\b|\bpagato\b|\bvoorschot\b|\bbetaald\b/
  ),
  rule('down_payment', 6, /^avoirs?$/),
  rule(
    'due_amount',
    9,
    /\b(reste|restant|solde)s?( a| restant)?( du| payer| regler| devoir)?\b|\bnet a payer\b|^a (payer|regler)$|\b(montant|somme|total) (restante? )?(du|due|a payer|a regler|impaye|exigible)e?\b|\bimpayes?\b|\b(amount|balance|total) (due|outstanding|owed|open)\b|\b(outstanding|open|remaining|unpaid|overdue)\b|^balance$|^(montants? )?(de |des )?(la |les )?creances?( ttc)?$|\bencours\b|\boffen(er|e)?\b|\brestbetrag\b|\bpendiente\b|\bsaldo\b|\bopenstaand\b/
  ),
  rule('amount', 9, new RegExp(`\\b(?:${INCLUDING})\\b|\\btotal amount\\b`)),
  rule(
    'amount',
    6,
    /\b(montants?|total)( de la| d)?( factures?| facture)?\b|\bamount\b|\brechnungsbetrag\b|\bbetrag\b|\bimporte\b|\bimporto\b|\bbedrag\b/
  ),
  rule('amount', 4, /\b(prix|somme|valeur|value|price|valor)\b/),

  // The invoice.
  rule(
    'invoice_number',
    9,
    new RegExp(
      `\\b(?:${NUMBER}|ref|references?)( de| d| des| la| du| della)* (?:${INVOICE}|pieces?|documents?)\\b|\\b(?:${INVOICE}|document|piece) (?:${NUMBER}|ref|references?|id)\\b|\\b(?:rechnungs?|factuur)(?:nummer|nr)\\b`
    )
  ),
  rule('invoice_number', 6, new RegExp(`^(?:${INVOICE}|pieces?)$`)),
  rule('invoice_number', 4, /^ref(erence)?s?$/),
  // Alone it is as often the number of the line.
  rule('invoice_number', 3, new RegExp(`^(?:${NUMBER})$`)),
  rule(
    'description',
    8,
    /\bdescriptions?\b|\blibelles?\b|\bdesignations?\b|\bobjets?\b|\bprestations?\b|\bnature\b|\bintitules?\b|\bservices?\b|\bmotifs?\b|\bsubject\b|\bdetails?\b|\barticles?\b|\bproduits?\b|\bbezeichnung\b|\bbeschreibung\b|\bleistung\b|\bdescripcion\b|\bconcepto\b|\bdescrizione\b|\bcausale\b|\bomschrijving\b/
  ),
  rule('emitter', 9, new RegExp(`\\b(?:${EMITTER})\\b`)),

  // The debtor's address.
  rule('address', 9, all('cp|code postal|zip|postcode', 'ville|city', 'adresse|address')),
  rule('city', 7, all('cp|code postal|zip|postcode', 'ville|city|commune|town')),
  rule(
    'postcode',
    9,
    /\b(code postal|cp|zip|postcode|post ?code|postal code|plz|postleitzahl|codigo postal)\b|^cap$/
  ),
  rule(
    'city',
    8,
    /\b(ville|commune|localite|city|town|ort|stadt|ciudad|poblacion|citta|plaats|woonplaats|cidade)\b/
  ),
  rule('complement', 9, /\bcomplements?\b|\b(adresse|address|rue|line|ligne) ?[23]\b|\bbatiment\b|\bcpl\b/),
  rule(
    'address',
    8,
    /\b(adresses?|address|domicile|siege( social)?|anschrift|adres|direccion|domicilio|indirizzo|endereco|morada)\b/
  ),
  rule('address', 5, /\b(rue|voie|street|strasse|calle|straat)\b/),

  // The debtor.
  rule(
    'civility',
    9,
    /\bcivilites?\b|^(civ|titre|title|genre|mr ou mme|m ou mme|mr mme|m mme|salutation|anrede|tratamiento|aanhef)$/
  ),
  rule(
    'first_name',
    9,
    /^prenoms?( du| de la| client| debiteur| contact)*$|^(first|given) ?name$|^vorname$|^voornaam$/
  ),
  // One column for both: its rows say which they are.
  rule(
    'full_name',
    9,
    /\bnoms?( complet)?( et prenoms?| ou prenoms?| prenoms?)? (ou|et) (la )?(raison sociale|denomination|societe|entreprise)\b|\b(raison sociale|denomination|societe|entreprise|company) (ou|et|or) (du |de )?(noms?|clients?|particuliers?|name)\b|\b(clients?|debiteurs?) (ou|et) (la )?(raison sociale|societe|entreprise)\b|\bname or company\b/
  ),
  rule(
    'full_name',
    9,
    /\b(noms? complets?|nom( et| ou)? prenoms?|prenoms?( et| ou)? noms?|full ?name|nom du (client|debiteur|contact|destinataire)|nom (client|debiteur)|(customer|client|debtor|contact) name|kundenname|klantnaam|nombre y apellidos|nome e cognome)\b/
  ),
  rule(
    'company_name',
    9,
    /\b(raison sociale|denomination|nom (de |d )?(la |l )?(societe|entreprise)|company( name)?|business name|firmenname|razon social|ragione sociale|bedrijfsnaam)\b/
  ),
  rule(
    'company_name',
    8,
    /\b(societes?|entreprises?|etablissements?|organismes?|enseigne|business|organi[sz]ation|firma|unternehmen|empresa|azienda|ditta|societa|bedrijf)\b/
  ),
  rule(
    'last_name',
    7,
    /^noms?( de famille| d usage| patronymique)?$|^last ?name$|^surname$|^family name$|^(nachname|familienname|apellidos?|cognome|achternaam)$/
  ),
  rule(
    'full_name',
    6,
    /^(clients?|debiteurs?|contact|destinataire|tiers|customer|debtor|name|nom client.*|identite|interlocuteur|kunde|schuldner|cliente|nombre|deudor|nome|debitore|klant|naam|debiteur)$/
  ),
  rule('full_name', 3, /\b(nom|name|client|debiteur)\b/),
]
