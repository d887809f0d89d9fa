import { Zip, ZipPassThrough } from 'fflate'
import { readStoredFile } from '#shared/files'
import { letterFile, type FiledLetter } from '#letters/letter_file'

/**
 * A ZIP of one PDF each, named by the letter's reference, piece by piece. A letter is its stored file,
 * byte for byte; with an address sheet, both pages in one file. The same letters make the same archive.
 */
export async function* letterArchive(
  letters: readonly FiledLetter[],
  duplex: boolean
): AsyncGenerator<Uint8Array> {
  const written: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    written.push(piece)
  })
  for (const letter of letters) {
    const entry = new ZipPassThrough(`${letter.ref}.pdf`)
    entry.mtime = letter.renderedAt!
    zip.add(entry)
    entry.push(await ownFile(letter, duplex), true)
    yield* written.splice(0)
  }
  zip.end()
  yield* written.splice(0)
}

/** The file of one letter. */
export async function ownFile(letter: FiledLetter, duplex: boolean): Promise<Uint8Array> {
  if (!letter.addressSheetSha256) return readStoredFile(letter.fileSha256!)
  const pieces = letterFile([letter], { title: `Lettre ${letter.ref}`, duplex })
  return Buffer.concat(await Array.fromAsync(pieces))
}
