import { writeFile } from 'node:fs/promises'
import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'

export default class ProofsExport extends AmiableCommand {
  static override commandName = 'proofs:export'
  static override description =
    'Write the evidence of a registered letter as a bundle that anybody can verify'

  @flags.string({ description: 'The reference of the letter' })
  declare mailing?: string

  @flags.string({ description: 'The ZIP to write' })
  declare out?: string

  override async run() {
    if (!this.mailing) this.refuse('Name the letter with --mailing=REF')
    if (!this.out) this.refuse('Name the file to write with --out')
    const { ExportProof } = await import('#registered_mail/evidence/actions/export_proof')
    const { AuthorityUnavailable } = await import('#registered_mail/evidence/timestamp_client')
    const exported = await new ExportProof().handle(this.mailing).catch((error: Error) => {
      if (error instanceof AuthorityUnavailable) this.refuse(`Nothing was written: ${error.message}`)
      throw error
    })
    if (exported.outcome === 'no_letter') this.refuse(`There is no letter ${this.mailing}`)
    if (exported.outcome === 'no_chain') {
      this.refuse(`Letter ${this.mailing} has no log of evidence: it is not registered, or not rendered yet`)
    }
    const { zip, ref, events, head, level, waiting } = exported
    await writeFile(this.out, zip)
    this.answer({ file: this.out, mailing: ref, events, head, level, waiting, bytes: zip.length })
  }
}
