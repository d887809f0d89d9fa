/** What letters say by themselves, around and between the words of a template. */
export const fr = {
  trade: 'Recouvrement amiable de créances',
  letter: 'Lettre',
  file: 'Dossier',
  creditor: 'Créancier',
  mandate: 'Mandat',
  mandateOf: (on: string) => `convention du ${on}`,
  code: 'votre code',
  subject: 'Objet : ',
  signedBy: 'Service du recouvrement amiable',
  salutation: 'Madame, Monsieur',
  dated: (ref: string, on: string) => `${ref} du ${on}`,
  recall: (ref: string, on: string) => `La présente fait suite à notre lettre ${ref} du ${on}.`,
  activity: 'Nous exerçons une activité de recouvrement amiable de créances',
  colon: ' : ',
  rate: {
    until: (rate: string, on: string) => `${rate} jusqu’au ${on}`,
    since: (rate: string, on: string) => `${rate} depuis le ${on}`,
    between: (rate: string, from: string, until: string) => `${rate} du ${from} au ${until}`,
    legal: 'taux d’intérêt légal',
  },
  items: {
    invoice: 'Facture',
    service: 'Prestation',
    issuedOn: 'Émise le',
    dueOn: 'Échéance',
    amount: 'Montant TTC',
    paid: 'Déduit',
    due: 'Reste dû',
    days: 'Jours',
    interest: 'Intérêts',
    total: 'Total, en euros',
  },
  balance: {
    principal: 'Principal TTC',
    interest: 'Intérêts de retard',
    indemnity: 'Indemnité forfaitaire',
    indemnitySource: 'article D441-5 du code de commerce',
    total: 'Total',
    arrested: (on: string) => `Somme arrêtée au ${on}`,
    source: {
      late_payment: 'article L441-10 du code de commerce',
      legal: 'article 1231-6 du code civil',
    },
  },
  interest: {
    title: 'Calcul des intérêts',
    latePayment: (on: string, year: string, rate: string, rates: string) =>
      `Intérêts simples sur le montant restant dû, du lendemain de l’échéance au ${on} inclus, ${year}, ${rate} : ${rates}.`,
    statutory: 'au taux de refinancement de la Banque centrale européenne majoré de 10 points',
    contractual: 'au taux prévu au contrat',
    /** Over how many days a yearly rate is spread. */
    years: { ACT_365: 'sur 365 jours', ACT_ACT: 'sur le nombre réel de jours de l’année' },
    legal:
      'Le taux d’intérêt légal court à compter de la réception de la mise en demeure (article 1231-6 du code civil)',
    none: (start: string) => `${start}. Aucun intérêt n’est donc demandé à ce jour.`,
    at: (start: string, year: string, rates: string) => `${start}, ${year} : ${rates}.`,
    daily: (sum: string) => ` Chaque jour ajoute ${sum} au total.`,
  },
  law: {
    title: 'Article L111-8 du code des procédures civiles d’exécution, alinéas 2 et 3',
    foreword: '',
  },
  payment: {
    online: 'En ligne',
    transfer: 'Par virement',
    holder: 'Titulaire',
    bicAndHolder: 'BIC, titulaire',
    dedicated: '(compte dédié)',
    reference: 'Référence',
    pageCode: 'Code QR de votre page',
    pageCaption: 'Votre page :<br>payer, répondre',
    transferCode: 'Code QR de virement : il remplit le bénéficiaire, l’IBAN, le montant et la référence',
    transferCaption: 'Virement, avec votre<br>application bancaire',
  },
  privacy: {
    title: 'Vos données personnelles',
    /** GDPR art. 14: who has the data, from whom, why and for how long. */
    text: (creditor: string, email: string | null) =>
      `${creditor} nous a transmis votre nom, vos coordonnées et vos factures. Nous les utilisons pour traiter ce dossier, dans l’intérêt légitime du créancier à être payé. Y ont accès nos équipes, ${creditor} et nos prestataires de courrier et de paiement. Elles sont gardées jusqu’à la clôture du dossier, puis archivées cinq ans (dix ans pour les pièces comptables). Vous pouvez y accéder, les faire rectifier ou effacer, en limiter l’usage ou vous y opposer : ${email ? `${email}, ou à notre adresse` : 'à notre adresse'}. Vous pouvez aussi saisir la CNIL (cnil.fr).`,
  },
  documents: {
    title: 'Pièces à consulter sur votre page',
    none: 'Les pièces vous sont remises sur simple demande.',
  },
  /** Words by which the finished letter is known to bear each mention of R124-4. */
  mentions: {
    principal: 'Principal',
    interest: 'Intérêts',
    indemnity: 'Indemnité',
    total: 'Total',
    demand: 'mettons en demeure',
  },
  logo: (name: string) => `Logo de ${name}`,
}
