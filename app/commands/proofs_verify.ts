import { readFile, stat } from 'node:fs/promises'
import { args, flags } from '@adonisjs/core/ace'
import { timestampSettings } from '#config/evidence'
import { AmiableCommand } from '#shared/command'
import type { Problem } from '#registered_mail/evidence/verification/report'

export default class ProofsVerify extends AmiableCommand {
  static override commandName = 'proofs:verify'
  static override description = 'Verify a bundle of evidence from the file alone'
  static override needsDatabase = false

  @args.string({ description: 'The ZIP of "proofs:export"' })
  declare file: string

  @flags.string({ description: 'The certificate of the timestamp authority (PEM); TSA_CA_FILE when set' })
  declare tsaCa?: string

  @flags.string({ description: "The certificate of the seal's authority (PEM), obtained another way" })
  declare sealCa?: string

  override async run() {
    const { LARGEST_BUNDLE, verifyBundle } =
      await import('#registered_mail/evidence/verification/read_bundle')
    const bundle = await stat(this.file)
    if (bundle.isDirectory()) this.refuse(`${this.file} is a folder: name the ZIP`)
    if (bundle.size > LARGEST_BUNDLE) this.refuse(`${this.file} is too large for a bundle of evidence`)
    const authority = this.tsaCa ?? timestampSettings.caFile
    const zip = await readFile(this.file)
    if (!zip.subarray(0, 2).equals(ZIP_MARK)) this.refuse(`${this.file} is no ZIP`)
    const report = await verifyBundle(zip, {
      ...(authority ? { timestampAuthority: await this.#pem(authority) } : {}),
      ...(this.sealCa ? { sealAuthority: await this.#pem(this.sealCa) } : {}),
    })
    const { log, ...outcome } = report
    if (report.ok) return this.answer(outcome)
    this.answerAndRefuse(outcome, `${this.file} does not hold: ${told(report.problems)}`)
  }

  /** A file that holds no certificate says nothing of the bundle. */
  async #pem(path: string): Promise<string> {
    const pem = await readFile(path, 'utf8')
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) this.refuse(`${path} holds no certificate (PEM)`)
    return pem
  }
}

const ZIP_MARK = Buffer.from('PK')
const MOST_TOLD = 5

function told(problems: Problem[]): string {
  const first = problems.slice(0, MOST_TOLD).map(({ code, where }) => `${code} (${where})`)
  const more = problems.length > MOST_TOLD ? ` and ${problems.length - MOST_TOLD} more` : ''
  return `${first.join(', ')}${more}`
}
