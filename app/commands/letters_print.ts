import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'
import type { LetterSelection } from '#letters/queries/letter_selection'
import type { Progress } from '#shared/progress'

export default class LettersPrint extends AmiableCommand {
  static override commandName = 'letters:print'
  static override description = 'Write the letters of a campaign, a day or some files as one PDF, or one each'

  @flags.string({ description: 'A campaign, by its number or reference' })
  declare campaign?: string

  @flags.string({ description: 'The letters dated that day (YYYY-MM-DD)' })
  declare on?: string

  @flags.string({ description: 'The letters of these files: references separated by commas' })
  declare claims?: string

  @flags.string({ description: 'The PDF to write, all letters in order' })
  declare out?: string

  @flags.string({ description: 'A folder to write one PDF per letter in' })
  declare split?: string

  @flags.boolean({ description: 'For printing on both sides: every letter begins on a new sheet' })
  declare duplex: boolean

  @flags.boolean({ description: 'Before each letter, a page with its address alone' })
  declare addressSheets: boolean

  override async run() {
    const { PrintLetters } = await import('#letters/actions/print_letters')
    if (!this.out && !this.split) this.refuse('Name the file to write with --out, or a folder with --split')
    let progress: Progress | null = null
    const printed = await new PrintLetters().handle({
      selection: this.#selection(),
      out: this.out,
      split: this.split,
      duplex: this.duplex ?? false,
      addressSheets: this.addressSheets ?? false,
      onStart: (toRender) => (progress = this.progress(toRender, 'letters')),
      onRendered: (count) => progress?.advance(count),
    })
    ;(progress as Progress | null)?.done()
    if (printed.outcome === 'nothing_selected') {
      this.refuse(`No letter answers to that: ${await this.#whyNone()}`)
    }
    if (printed.outcome === 'all_left_out') {
      this.refuse(`Nothing was written: their files have stopped: ${shown(printed.leftOut)}`)
    }
    if (printed.outcome === 'without_letter') {
      this.refuse(`Nothing was written: no letter for ${printed.claims.join(', ')}`)
    }
    if (printed.outcome === 'not_rendered') {
      this.refuse(`Nothing was written: these letters cannot be printed: ${shown(printed.letters)}`)
    }
    const { letters, pages, files, leftOut, batch } = printed
    this.answer({ letters, pages, files, leftOut, batch })
  }

  async #whyNone(): Promise<string> {
    if (this.on !== undefined) return `none is dated ${this.on}`
    if (this.claims !== undefined) return 'these files have none'
    const { findCampaign } = await import('#campaigns/queries/find_campaign')
    return (await findCampaign(this.campaign!))
      ? `campaign ${this.campaign} has none yet; "actions:confirm", then "tick" within hours, make them`
      : `there is no campaign ${this.campaign}`
  }

  #selection(): LetterSelection {
    const given = [this.campaign, this.on, this.claims].filter((value) => value !== undefined)
    if (given.length !== 1) this.refuse('Choose the letters with one of --campaign, --on and --claims')
    if (this.campaign !== undefined) return { campaign: this.campaign }
    if (this.on !== undefined) return { on: this.day('on', this.on) }
    return { claims: this.claims!.split(',').flatMap((ref) => ref.trim() || []) }
  }
}

const MOST_SHOWN = 5

function shown(letters: { ref: string; reason: string }[]): string {
  const first = letters.slice(0, MOST_SHOWN).map(({ ref, reason }) => `${ref} (${reason})`)
  const more = letters.length > MOST_SHOWN ? ` and ${letters.length - MOST_SHOWN} more` : ''
  return `${first.join(', ')}${more}`
}
