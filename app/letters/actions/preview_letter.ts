import { appUrl } from '#config/app'
import { clock } from '#shared/clock'
import { sha256 } from '#shared/files'
import Agency from '#agency/models/agency'
import type Claim from '#claims/models/claim'
import { addressBlock, IncompleteAddress } from '#letters/address_block'
import { composeLetter } from '#letters/compose_letter'
import { MissingMentions } from '#letters/mentions'
import { isWithheld, loadLetterContents, type FailureReason } from '#letters/queries/letter_contents'
import { printBatch } from '#letters/rendering/batch'
import { stopOf } from '#letters/stop'
import { LETTER_TEMPLATES, type LetterTemplate } from '#letters/templates/catalogue'

export type Preview =
  | { outcome: 'drawn'; bytes: Buffer; pages: number; sha256: string; warnings: string[] }
  | { outcome: 'refused'; reason: FailureReason }

/** Stands where the debtor's link goes: a preview mints none. */
const NO_LINK = `${appUrl}/p/apercu-sans-lien`

/**
 * "Aperçu du courrier" (D6): the letter as it would be written today, marked as
 * a preview at its foot. Nothing is stored.
 */
export class PreviewLetter {
  async handle({ claim, template }: { claim: Claim; template: LetterTemplate }): Promise<Preview> {
    const today = clock.today()
    const kind = LETTER_TEMPLATES[template]
    const subject = {
      ref: `${claim.ref}-APERCU`,
      claimId: claim.id,
      kind,
      datedOn: today,
      evenIfStopped: true,
    }
    const [content] = await loadLetterContents([subject], () => NO_LINK)
    if (isWithheld(content!)) return { outcome: 'refused', reason: content.reason as FailureReason }
    try {
      const composed = composeLetter(content!)
      const [printed] = await printBatch([
        { ...composed, foot: `Aperçu, à ne pas envoyer · ${composed.foot}` },
      ])
      if (!printed!.ok) throw printed!.error
      const { bytes, pages } = printed!
      const agency = await Agency.currentOrFail()
      const warnings: string[] = agency.legalGaps(today)
      if (addressBlock(content!.debtor).lost.length > 0) warnings.push('address_cut')
      const stop = stopOf(claim, today)
      if (stop) warnings.push(stop)
      return { outcome: 'drawn', bytes, pages, sha256: sha256(bytes), warnings }
    } catch (error) {
      if (error instanceof MissingMentions) return { outcome: 'refused', reason: 'mentions_missing' }
      if (error instanceof IncompleteAddress) return { outcome: 'refused', reason: 'address_incomplete' }
      throw error
    }
  }
}
