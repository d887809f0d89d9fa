import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'

export default class LettersPreview extends AmiableCommand {
  static override commandName = 'letters:preview'
  static override description = 'Write a letter of a file as it would be today, without sending or keeping it'

  @flags.string({
    description: 'first_letter, registered_letter, or the name of a published template',
    required: true,
  })
  declare template: string

  @flags.string({ description: 'The file, by its reference', required: true })
  declare claim: string

  @flags.string({ description: 'The PDF to write', required: true })
  declare out: string

  override async run() {
    const { default: Claim } = await import('#claims/models/claim')
    const { PreviewLetter } = await import('#letters/actions/preview_letter')
    const { isKnownTemplate } = await import('#letters/queries/template_choice')

    const { template } = this
    if (!(await isKnownTemplate(template))) {
      this.refuse(`There is no template "${template}": first_letter and registered_letter always are`)
    }
    const claim = await Claim.findBy('ref', this.claim)
    if (!claim) this.refuse(`There is no file ${this.claim}`)
    const preview = await new PreviewLetter().handle({ claim, template })
    if (preview.outcome === 'refused') this.refuse(`This letter cannot be written: ${preview.reason}`)
    await mkdir(dirname(this.out), { recursive: true })
    await writeFile(this.out, preview.bytes)
    this.answer({ pages: preview.pages, sha256: preview.sha256, warnings: preview.warnings })
  }
}
