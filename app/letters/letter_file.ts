import { readStoredFile } from '#shared/files'
import { pdfDate } from '#letters/pdf/date'
import { LetterMerge } from '#letters/pdf/merge'
import type { SelectedLetter } from '#letters/queries/letter_selection'

export interface LetterFileOptions {
  title: string
  /** See `MergeOptions`. */
  duplex: boolean
}

export type FiledLetter = Pick<SelectedLetter, 'ref' | 'debtor' | 'fileSha256' | 'renderedAt'> & {
  /** The page with the address alone that goes before it. */
  addressSheetSha256?: string | null
}

/**
 * One PDF of many rendered letters (D11), piece by piece: thousands are never
 * in memory together. Each is read from storage and checked against its hash.
 * The file is dated like the last letter written, so that the same letters make
 * the same file, byte for byte, whenever they are printed again.
 */
export async function* letterFile(
  letters: readonly FiledLetter[],
  { title, duplex }: LetterFileOptions
): AsyncGenerator<Buffer> {
  const writtenAt = letters.reduce((last, { renderedAt }) => (renderedAt! > last ? renderedAt! : last), '')
  const merge = new LetterMerge({ title, duplex, createdAt: pdfDate(writtenAt) })
  for (const { fileSha256, addressSheetSha256, ref, debtor } of letters) {
    if (!fileSha256) throw new Error(`letter ${ref} has no PDF`)
    const label = `${ref} · ${debtor}`
    if (addressSheetSha256) yield merge.add(await readStoredFile(addressSheetSha256), label)
    yield merge.add(await readStoredFile(fileSha256), addressSheetSha256 ? null : label)
  }
  yield merge.end()
}
