import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sum } from '#shared/money'
import { CreateBatch } from '#letters/batches/create_batch'
import { WorkBatches } from '#letters/batches/work_batches'
import { ownFile } from '#letters/letter_archive'
import { letterFile } from '#letters/letter_file'
import { batchLetters, splitOf, type BatchLetter, type LeftOutReason } from '#letters/queries/batch_letters'
import { selectLetters, type LetterSelection, type SelectedLetter } from '#letters/queries/letter_selection'

export interface PrintInput {
  selection: LetterSelection
  /** One file of all. */
  out?: string
  /** A folder for one file each, named by the letter's reference. */
  split?: string
  duplex: boolean
  addressSheets?: boolean
  /** Called once it is known how many there are to render. */
  onStart?: (toRender: number) => void
  onRendered?: (count: number) => void
}

/** Not in the pile: its file stopped before it was written, or since and before it was posted. */
export interface LeftOut {
  ref: string
  reason: LeftOutReason
}

export type Printed =
  | { outcome: 'printed'; batch: string; letters: number; pages: number; files: number; leftOut: LeftOut[] }
  | { outcome: 'nothing_selected' }
  | { outcome: 'all_left_out'; leftOut: LeftOut[] }
  | { outcome: 'without_letter'; claims: string[] }
  | { outcome: 'not_rendered'; letters: { ref: string; reason: string }[] }

/**
 * Makes a batch, renders what is still queued of it, then writes the stored letters to files. A
 * letter printed before comes byte for byte from storage. Nothing is written
 * when one of them cannot be: a missing letter in a pile is not noticed. Whoever
 * paid, contested or was let be since is left out, and told (U3).
 */
export class PrintLetters {
  async handle({
    selection,
    out,
    split,
    duplex,
    addressSheets = false,
    onStart,
    onRendered,
  }: PrintInput): Promise<Printed> {
    const selected = await selectLetters(selection)
    if (selected.length === 0) return { outcome: 'nothing_selected' }
    const bare = withoutLetter(selection, selected)
    if (bare.length > 0) return { outcome: 'without_letter', claims: bare }
    onStart?.(selected.filter(({ state }) => state === 'queued').length)
    const batch = await new CreateBatch().handle({ letters: selected, duplex, addressSheets, userId: null })
    await new WorkBatches().handle({ batchId: batch.id, onRendered })

    const found = await batchLetters(batch.id)
    const missing = found.filter(({ state, stop }) => (state === 'queued' || state === 'failed') && !stop)
    if (missing.length > 0) {
      return {
        outcome: 'not_rendered',
        letters: missing.map(({ ref, state, failure }) => ({ ref, reason: failure ?? state })),
      }
    }
    const { printed, ...rest } = splitOf(found)
    const leftOut = rest.leftOut.map(({ ref, reason }) => ({ ref, reason }))
    if (printed.length === 0) return { outcome: 'all_left_out', leftOut }
    if (split) await writeEach(printed, split, duplex)
    if (out) await writeAll(printed, out, duplex)
    return {
      outcome: 'printed',
      batch: batch.ref,
      letters: printed.length,
      pages: sum(printed.map(({ pages }) => pages!)),
      files: (out ? 1 : 0) + (split ? printed.length : 0),
      leftOut,
    }
  }
}

/** The files named that have no letter. */
function withoutLetter(selection: LetterSelection, selected: SelectedLetter[]): string[] {
  if (!('claims' in selection)) return []
  const written = new Set(selected.map(({ claimRef }) => claimRef))
  return selection.claims.filter((ref) => !written.has(ref))
}

async function writeAll(letters: BatchLetter[], path: string, duplex: boolean) {
  await mkdir(dirname(path), { recursive: true })
  const title = letters.length === 1 ? `Lettre ${letters[0]!.ref}` : `${letters.length} lettres`
  await completely(path, (draft) =>
    pipeline(Readable.from(letterFile(letters, { title, duplex })), createWriteStream(draft, { flags: 'wx' }))
  )
}

async function writeEach(letters: BatchLetter[], folder: string, duplex: boolean) {
  await mkdir(folder, { recursive: true })
  for (const letter of letters) {
    const bytes = await ownFile(letter, duplex)
    await completely(join(folder, `${letter.ref}.pdf`), (draft) => writeFile(draft, bytes, { flag: 'wx' }))
  }
}

/** A file gets its name when it is whole. */
async function completely(path: string, write: (draft: string) => Promise<void>) {
  const draft = `${path}.${randomUUID()}.draft`
  try {
    await write(draft)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
