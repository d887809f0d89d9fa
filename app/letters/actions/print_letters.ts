import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readStoredFile } from '#shared/files'
import { RenderLetters } from '#letters/actions/render_letters'
import { letterFile } from '#letters/letter_file'
import {
  selectLetters,
  type Held,
  type LetterSelection,
  type SelectedLetter,
} from '#letters/queries/letter_selection'

export interface PrintInput {
  selection: LetterSelection
  /** One file of all. */
  out?: string
  /** A folder for one file each, named by the letter's reference. */
  split?: string
  duplex: boolean
  /** Called once it is known how many there are to render. */
  onStart?: (toRender: number) => void
  onRendered?: (count: number) => void
}

/** Not in the pile: a letter not posted yet, of a file that stopped since, or that a provider posts. */
export interface LeftOut {
  ref: string
  reason: Held
}

export type Printed =
  | { outcome: 'printed'; letters: number; pages: number; files: number; leftOut: LeftOut[] }
  | { outcome: 'nothing_selected' }
  | { outcome: 'all_left_out'; leftOut: LeftOut[] }
  | { outcome: 'without_letter'; claims: string[] }
  | { outcome: 'not_rendered'; letters: { ref: string; reason: string }[] }

/**
 * Renders what is still queued, then writes the stored letters to files. A
 * letter printed before comes byte for byte from storage. Nothing is written
 * when one of them cannot be: a missing letter in a pile is not noticed. Whoever
 * paid, contested or was let be since is left out, and told (U3).
 */
export class PrintLetters {
  async handle({ selection, out, split, duplex, onStart, onRendered }: PrintInput): Promise<Printed> {
    const selected = await selectLetters(selection)
    if (selected.length === 0) return { outcome: 'nothing_selected' }
    const bare = withoutLetter(selection, selected)
    if (bare.length > 0) return { outcome: 'without_letter', claims: bare }
    const queued = selected.filter(({ state }) => state === 'queued').map(({ id }) => id)
    onStart?.(queued.length)
    await new RenderLetters().handle({ letterIds: queued, onSettled: onRendered })

    const found = queued.length > 0 ? await selectLetters(selection) : selected
    const letters = found.filter(({ stop }) => !stop)
    const leftOut = found.flatMap(({ ref, stop }) => (stop ? [{ ref, reason: stop }] : []))
    const missing = letters.filter(({ fileSha256 }) => !fileSha256)
    if (missing.length > 0) {
      return {
        outcome: 'not_rendered',
        letters: missing.map(({ ref, state, failure }) => ({ ref, reason: failure ?? state })),
      }
    }
    if (letters.length === 0) return { outcome: 'all_left_out', leftOut }
    if (split) await writeEach(letters, split)
    if (out) await writeAll(letters, out, duplex)
    return {
      outcome: 'printed',
      letters: letters.length,
      pages: letters.reduce((pages, letter) => pages + letter.pages!, 0),
      files: (out ? 1 : 0) + (split ? letters.length : 0),
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

async function writeAll(letters: SelectedLetter[], path: string, duplex: boolean) {
  await mkdir(dirname(path), { recursive: true })
  const title = letters.length === 1 ? `Lettre ${letters[0]!.ref}` : `${letters.length} lettres`
  await completely(path, (draft) =>
    pipeline(Readable.from(letterFile(letters, { title, duplex })), createWriteStream(draft, { flags: 'wx' }))
  )
}

async function writeEach(letters: SelectedLetter[], folder: string) {
  await mkdir(folder, { recursive: true })
  for (const { ref, fileSha256 } of letters) {
    const bytes = await readStoredFile(fileSha256!)
    await completely(join(folder, `${ref}.pdf`), (draft) => writeFile(draft, bytes, { flag: 'wx' }))
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
