/**
 * CPCE L111-8, paragraphs 2 and 3, which R124-4 has every letter to a debtor
 * reproduce. Byte for byte, straight apostrophes included: no typography over it.
 *
 * Source: law.md §1, article text read; checkedOn 2026-11-21; validatedByCounsel: false.
 */
export const L111_8_PARAGRAPHS = [
  "Les frais de recouvrement entrepris sans titre exécutoire restent à la charge du créancier, sauf s'ils concernent un acte dont l'accomplissement est prescrit par la loi au créancier. Toute stipulation contraire est réputée non écrite, sauf disposition législative contraire.",
  "Cependant, le créancier qui justifie du caractère nécessaire des démarches entreprises pour recouvrer sa créance peut demander au juge de l'exécution de laisser tout ou partie des frais ainsi exposés à la charge du débiteur de mauvaise foi.",
] as const
