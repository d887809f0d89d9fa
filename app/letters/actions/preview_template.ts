import { clock } from '#shared/clock'
import Agency from '#agency/models/agency'
import type Claim from '#claims/models/claim'
import { drawPreview, previewContent } from '#letters/actions/preview_letter'
import { IncompleteAddress } from '#letters/address_block'
import type { LetterContent } from '#letters/letter_content'
import type LetterTemplate from '#letters/models/letter_template'
import type TemplateVersion from '#letters/models/template_version'
import type { FailureReason } from '#letters/queries/letter_contents'
import { loadLogo } from '#letters/queries/template_choice'
import { loadTemplateFacts } from '#letters/queries/template_facts'
import { isLetterChannel, kindOf } from '#letters/templates/channels'
import { draftEmail } from '#letters/templates/email'
import { parseTemplate } from '#letters/templates/parse'
import { renderText } from '#letters/templates/render'
import { SAMPLE_FACTS, sampleContent } from '#letters/templates/sample'
import { composeDraft, contextOf, type WrittenTemplate } from '#letters/templates/written'
import type User from '#users/models/user'

export type TemplatePreview =
  | { kind: 'pdf'; bytes: Buffer; pages: number }
  | { kind: 'email'; subject: string; html: string }
  | { kind: 'text'; text: string }
  | { kind: 'refused'; reason: FailureReason }

/** D6: what is being written, on a real file or on the sample one. Nothing is stored and nothing is sent. */
export class PreviewTemplate {
  async handle(input: {
    template: LetterTemplate
    version: TemplateVersion
    claim: Claim | null
    by: User
  }): Promise<TemplatePreview> {
    const { template, version, claim, by } = input
    const content = claim ? await previewContent(claim, kindOf(template.channel)) : await ownSample(template)
    if (typeof content === 'string') return { kind: 'refused', reason: content }
    const known = claim ? (await loadTemplateFacts([{ claimId: claim.id }]))(claim.id) : SAMPLE_FACTS
    const written: WrittenTemplate = {
      versionId: null,
      text: template.textOf(version),
      facts: { ...known, writer: { name: by.fullName, email: by.email } },
      logo: version.logoSha256 ? await loadLogo(version.logoSha256) : null,
    }
    if (template.channel === 'email') return { kind: 'email', ...draftEmail(content, written) }
    if (!isLetterChannel(template.channel)) {
      const context = { ...contextOf(content, written), lenient: true }
      return { kind: 'text', text: renderText(parseTemplate(version.body), context) }
    }
    try {
      return { kind: 'pdf', ...(await drawPreview(composeDraft(content, written))) }
    } catch (error) {
      if (error instanceof IncompleteAddress) return { kind: 'refused', reason: 'address_incomplete' }
      throw error
    }
  }
}

/** The file that does not exist, of the agency that does, as of today. */
async function ownSample({ audience, channel }: LetterTemplate): Promise<LetterContent> {
  const sample = sampleContent(audience === 'b2c' ? 'b2c' : 'b2b')
  const agency = await Agency.currentOrFail()
  const { name, legalForm, siren, addressLines, email, phone, signatoryName, signatoryTitle } = agency
  return {
    ...sample,
    kind: kindOf(channel),
    datedOn: clock.today(),
    agency: { name, legalForm, siren, addressLines, email, phone, signatoryName, signatoryTitle },
    payment: { ...sample.payment, iban: agency.dedicatedIban ?? sample.payment.iban },
  }
}
