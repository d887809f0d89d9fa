import { readStoredFile } from '#shared/files'
import { pdfDate } from '#letters/pdf/date'
import { LetterMerge } from '#letters/pdf/merge'
import type { SelectedLetter } from '#letters/queries/letter_selection'

export interface LetterFileOptions {
  title: string
  /** See `MergeOptions`. */
  duplex: boolean
}

/**
 * One PDF of many rendered letters (D11), piece by piece: thousands are never
 * in memory together. Each is read from storage and checked against its hash.
 * The file is dated like the last letter written, so that the same letters make
 * the same file, byte for byte, whenever they are printed again.
 */
export async function* letterFile(
  letters: readonly SelectedLetter[],
  { title, duplex }: LetterFileOptions
): AsyncGenerator<Buffer> {
  const writtenAt = letters.reduce((last, { renderedAt }) => (renderedAt! > last ? renderedAt! : last), '')
  const merge = new LetterMerge({ title, duplex, createdAt: pdfDate(writtenAt) })
  for (const { fileSha256, ref, debtor } of letters) {
    if (!fileSha256) throw new Error(`letter ${ref} has no PDF`)
    yield merge.add(await readStoredFile(fileSha256), `${ref} · ${debtor}`)
  }
  yield merge.end()
}
