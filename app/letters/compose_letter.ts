import { frenchDate } from '#shared/french'
import { assertMentions } from '#letters/mentions'
import type { LetterContent } from '#letters/letter_content'
import type { ComposedLetter } from '#letters/rendering/batch'
import { formalNotice } from '#letters/templates/formal_notice'
import { shortened } from '#letters/templates/parts'

/**
 * Lays a letter out, and refuses one that the law would.
 *
 * @throws MissingMentions (rule 4), IncompleteAddress (rule 56)
 */
export function composeLetter(content: LetterContent): ComposedLetter {
  const body = formalNotice(content)
  assertMentions(content, body)
  const { ref, claimRef, agency, datedOn, demand } = content
  const dated = `${ref} du ${frenchDate(datedOn)}`
  return {
    title: `Lettre ${dated} : mise en demeure de payer`,
    body,
    foot: `${shortened(agency.name)} · Dossier ${claimRef} · Lettre ${dated}`,
    rows: demand.invoices.length,
  }
}
