import type { DebtorKind } from '#debtors/models/debtor'

/** Whom a template is written to: a business, a consumer, or either. */
export const AUDIENCES = ['any', 'b2b', 'b2c'] as const
export type Audience = (typeof AUDIENCES)[number]

/** What a template may not say. */
export interface ForbiddenTerm {
  /** Words in lower case without accents; one space stands for any space, hyphen or nothing. */
  term: string
  /** law.md §8. */
  rule: 9 | 10 | 11 | 14
  article: string
  /** Only when it may be read by one of these. */
  reads?: DebtorKind
  /** What the place itself must look like, when other things fold alike: `4 000 €` is not `40,00 €`. */
  exact?: RegExp
  /** Around it, in the same spelling, these make it harmless; `why` says so. */
  allowed?: { context: RegExp; why: string }[]
}

const JUDICIAL = 'C. pén. 433-13'
const PRESSURE = 'C. conso. L121-6'
const FEES = 'CPCE L111-8'

/**
 * Source: law.md §4, "lint that blocks publication of a template", rules 9, 10, 11 and 14;
 * checkedOn 2026-11-21; validatedByCounsel: false.
 */
export const FORBIDDEN: readonly ForbiddenTerm[] = [
  ...[
    'huissier',
    'huissiere',
    'huissier de justice',
    'commissaire de justice',
    'commandement',
    'sommation',
    'marianne',
    'republique francaise',
    'fichage',
    'banque de france',
    'bailiff',
    'court officer',
    'writ',
  ].map((term): ForbiddenTerm => ({ term, rule: 11, article: JUDICIAL })),
  {
    term: 'saisie',
    rule: 11,
    article: JUDICIAL,
    allowed: [
      { context: /erreurs? de saisie/, why: 'typing, not seizing' },
      {
        context: /saisie (?:de|des) (?:vos |votre )?(?:coordonnees|donnees|codes?|reference)/,
        why: 'typing',
      },
    ],
  },
  {
    term: 'titre executoire',
    rule: 11,
    article: JUDICIAL,
    allowed: [{ context: /(?:sans|pas un|pas de) titre executoire/, why: 'L111-8 says so itself' }],
  },
  {
    term: 'contrainte',
    rule: 11,
    article: JUDICIAL,
    allowed: [
      { context: /sans (?:aucune )?contrainte/, why: 'the contrary of a threat' },
      { context: /contraintes? (?:personnelle|familiale|financiere|budgetaire)/, why: 'the debtor’s own' },
    ],
  },
  {
    term: 'dommages et interets',
    rule: 11,
    article: 'C. civ. 1231-1',
  },
  { term: 'dommages interets', rule: 11, article: 'C. civ. 1231-1' },
  { term: 'damages', rule: 11, article: 'C. civ. 1231-1' },
  ...['frais de dossier', 'frais de recouvrement', 'frais de relance', 'frais de mise en demeure'].map(
    (term): ForbiddenTerm => ({
      term,
      rule: 11,
      article: FEES,
      allowed: [
        {
          context:
            /(?:sans|aucuns?|pas de|ni) frais|frais de \w+(?: \w+){0,4} (?:a (?:la|notre|sa) charge du creancier|restent)/,
          why: 'says that the debtor owes none',
        },
      ],
    })
  ),
  {
    term: 'collection fee',
    rule: 11,
    article: FEES,
    allowed: [{ context: /no collection fee/, why: 'says none' }],
  },
  {
    term: 'nos honoraires',
    rule: 9,
    article: FEES,
    allowed: [{ context: /nos honoraires (?:sont|restent) a la charge du creancier/, why: 'says who pays' }],
  },
  { term: 'notre commission', rule: 9, article: FEES },
  { term: 'our fee', rule: 9, article: FEES },
  ...[
    '40 €',
    '40 eur',
    '40 euro',
    'quarante euro',
    'd441-5',
    'indemnite forfaitaire',
    'fixed compensation',
  ].map((term): ForbiddenTerm => ({ term, rule: 10, article: 'C. com. D441-5', reads: 'b2c' })),
  {
    term: '40,00 €',
    exact: /40[.,]00/,
    rule: 10,
    article: 'C. com. D441-5',
    reads: 'b2c',
  },
  ...['l441-10', 'penalite de retard', 'late payment penalty'].map((term): ForbiddenTerm => ({
    term,
    rule: 10,
    article: 'C. com. L441-10',
    reads: 'b2c',
  })),
  ...[
    'frais d impaye',
    'frais d encaissement',
    'frais bancaire',
    'frais postaux',
    'frais d envoi',
    'frais administratif',
  ].map((term): ForbiddenTerm => ({
    term,
    rule: 10,
    article: FEES,
    reads: 'b2c',
    allowed: [{ context: /(?:sans|aucuns?|pas de|ni) frais/, why: 'says that there are none' }],
  })),
  ...[
    'votre employeur',
    'vos proches',
    'vos voisins',
    'votre entourage',
    'your employer',
    'your neighbours',
  ].map((term): ForbiddenTerm => ({ term, rule: 14, article: PRESSURE })),
]
