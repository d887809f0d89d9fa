import { appUrl } from '#config/app'
import { clock } from '#shared/clock'
import { sha256 } from '#shared/files'
import Agency from '#agency/models/agency'
import type Claim from '#claims/models/claim'
import { addressBlock } from '#letters/address_block'
import { composeLetter, knownRefusal } from '#letters/compose_letter'
import type { LetterContent, LetterKind } from '#letters/letter_content'
import { bearsCode } from '#letters/letter_codes'
import { isWithheld, loadLetterContents, type FailureReason } from '#letters/queries/letter_contents'
import { chooseTemplates, LETTER_CHANNELS } from '#letters/queries/template_choice'
import { printBatch, type ComposedLetter } from '#letters/rendering/batch'
import { stopOf } from '#letters/stop'
import { isLetterTemplate, LETTER_TEMPLATES } from '#letters/templates/catalogue'
import { kindOf } from '#letters/templates/channels'
import type { WrittenTemplate } from '#letters/templates/written'
import LetterTemplate from '#letters/models/letter_template'

export type Preview =
  | { outcome: 'drawn'; bytes: Buffer; pages: number; sha256: string; warnings: string[] }
  | { outcome: 'refused'; reason: FailureReason }

/** Stands where the debtor's link goes: a preview mints none. */
const NO_LINK = `${appUrl}/p/apercu-sans-lien`
const NO_CODE = '••••••••'

/**
 * "Aperçu du courrier" (D6): the letter as it would be written today, marked as
 * a preview at its foot. Nothing is stored.
 */
export class PreviewLetter {
  /**
   * @param template the slug that a step would name: of the built-in letters or of a published template
   * @param kind as what it would leave, when it is not what its template is made for: a qualified letter is written as a
   *   registered one
   */
  async handle({
    claim,
    template,
    kind,
  }: {
    claim: Claim
    template: string
    kind?: LetterKind
  }): Promise<Preview> {
    const [choice] = await chooseTemplates([{ claimId: claim.id, slug: template }], LETTER_CHANNELS)
    if (choice === 'missing' || choice === 'altered') {
      return { outcome: 'refused', reason: `template_${choice}` }
    }
    const content = await previewContent(claim, kind ?? (await kindNamed(template)))
    if (typeof content === 'string') return { outcome: 'refused', reason: content }
    const preview = await drawLetter(content, choice === 'built_in' ? undefined : choice)
    if (preview.outcome === 'drawn') preview.warnings.push(...(await warningsOf(claim, content)))
    return preview
  }
}

/** The letter as it would be today, on a file that may be paused or contested; or why there is none. */
export async function previewContent(claim: Claim, kind: LetterKind): Promise<LetterContent | FailureReason> {
  const subject = {
    ref: `${claim.ref}-APERCU`,
    claimId: claim.id,
    kind,
    personalCode: bearsCode(kind) ? NO_CODE : null,
    datedOn: clock.today(),
    evenIfStopped: true,
  }
  const [content] = await loadLetterContents([subject], () => NO_LINK)
  return isWithheld(content!) ? (content.reason as FailureReason) : content!
}

/** Prints a letter with its foot marked; what the law or the file refuses is an outcome. */
async function drawLetter(content: LetterContent, written?: WrittenTemplate): Promise<Preview> {
  try {
    return await drawPreview(composeLetter(content, written))
  } catch (error) {
    const reason = knownRefusal(error)
    if (!reason) throw error
    return { outcome: 'refused', reason }
  }
}

/** The PDF of a letter that is only looked at. */
export async function drawPreview(composed: ComposedLetter): Promise<Extract<Preview, { outcome: 'drawn' }>> {
  const [printed] = await printBatch([{ ...composed, foot: `Aperçu, à ne pas envoyer · ${composed.foot}` }])
  if (!printed!.ok) throw printed!.error
  const { bytes, pages } = printed!
  return { outcome: 'drawn', bytes, pages, sha256: sha256(bytes), warnings: [] }
}

async function warningsOf(claim: Claim, content: LetterContent): Promise<string[]> {
  const today = clock.today()
  const agency = await Agency.currentOrFail()
  const warnings: string[] = agency.legalGaps(today)
  if (addressBlock(content.debtor).lost.length > 0) warnings.push('address_cut')
  const stop = stopOf(claim, today)
  return stop ? [...warnings, stop] : warnings
}

/** How a letter of that name is posted. */
async function kindNamed(slug: string): Promise<LetterKind> {
  if (isLetterTemplate(slug)) return LETTER_TEMPLATES[slug]
  const template = await LetterTemplate.query()
    .where('slug', slug)
    .whereIn('channel', ['lrar', 'ere'])
    .first()
  return template ? kindOf(template.channel) : 'simple'
}
