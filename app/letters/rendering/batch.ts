import { performance } from 'node:perf_hooks'

import { pdfDate } from '#letters/pdf/date'
import { UnreadablePdf } from '#letters/pdf/reader'
import { EntangledLetters, splitLetters, type SplitLetter } from '#letters/pdf/split'
import { barePageRule, pageRule, printedDocument } from '#letters/rendering/document'
import { markup, raw, type Markup } from '#letters/rendering/markup'
import { PageForecast } from '#letters/rendering/page_forecast'
import { renderPdf } from '#letters/rendering/printer'
import { PrintFailed } from '#letters/rendering/sealed_browser'

/** More is not faster and takes memory: 10 letters hold a browser near 200 MB, 25 near 350. */
export const LETTERS_PER_BATCH = 10

/** The same bound for letters with long tables. */
const ROWS_PER_DOCUMENT = 600

/** One letter ready for the printer. */
export interface ComposedLetter {
  title: string
  body: Markup
  /** The references, at the left of every page's foot; null for a page without a foot. */
  foot: string | null
  /** Rows of its table, by which its pages are guessed. */
  rows: number
  /** Of its words; French unless told. */
  language?: 'fr' | 'en'
}

export type PrintedLetter = ({ ok: true } & SplitLetter) | { ok: false; error: Error }

/** Where the time goes, for the bench. */
export interface Timings {
  splitMs: number
}

const forecast = new PageForecast()

/**
 * Prints letters in one document and cuts it into one tagged PDF each, in
 * order. Letters whose number of pages was guessed wrong are printed again. A
 * document that fails is halved until the letter at fault is alone, so that the
 * others are not held up by it.
 *
 * @throws ChromiumUnavailable
 */
export async function printBatch(letters: ComposedLetter[], timings?: Timings): Promise<PrintedLetter[]> {
  const guesses = letters.map(({ rows }) => forecast.guess(rows))
  const printed = await printAll(letters, guesses, timings)
  const misjudged: { index: number; pages: number }[] = []
  printed.forEach((letter, index) => {
    if (!letter.ok) return
    forecast.learn(letters[index]!.rows, letter.pages)
    if (letter.pages !== guesses[index]) misjudged.push({ index, pages: letter.pages })
  })
  if (misjudged.length === 0) return printed

  const again = await printAll(
    misjudged.map(({ index }) => letters[index]!),
    misjudged.map(({ pages }) => pages),
    timings
  )
  for (const [position, { index, pages }] of misjudged.entries()) {
    const letter = again[position]!
    printed[index] =
      !letter.ok || letter.pages === pages ? letter : await printAlone(letters[index]!, letter.pages)
  }
  return printed
}

/** Where a line hardly fits, its neighbours may decide of a page: without any, a letter has the pages that it has. */
async function printAlone(letter: ComposedLetter, guess: number): Promise<PrintedLetter> {
  for (let pages = guess, tries = 0; tries < TRIES_ALONE; tries++) {
    const [alone] = await printAll([letter], [pages])
    if (!alone!.ok || alone!.pages === pages) return alone!
    pages = alone!.pages
  }
  return { ok: false, error: new PrintFailed('its pages change from one print to the next') }
}

const TRIES_ALONE = 3

async function printAll(
  letters: ComposedLetter[],
  pages: number[],
  timings?: Timings
): Promise<PrintedLetter[]> {
  const rows = letters.reduce((total, letter) => total + letter.rows, 0)
  if (rows > ROWS_PER_DOCUMENT && letters.length > 1) return printHalves(letters, pages, timings)
  try {
    return await printTogether(letters, pages, timings)
  } catch (error) {
    if (!mayBeOneLettersFault(error)) throw error
    if (letters.length === 1) return [{ ok: false, error }]
    return printHalves(letters, pages, timings)
  }
}

async function printHalves(letters: ComposedLetter[], pages: number[], timings?: Timings) {
  const half = Math.ceil(letters.length / 2)
  return [
    ...(await printAll(letters.slice(0, half), pages.slice(0, half), timings)),
    ...(await printAll(letters.slice(half), pages.slice(half), timings)),
  ]
}

async function printTogether(letters: ComposedLetter[], pages: number[], timings?: Timings) {
  const bytes = await renderPdf(batchDocument(letters, pages))
  const start = performance.now()
  const split = splitLetters(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    letters.map(({ title, language = 'fr' }) => ({ title, language })),
    pdfDate()
  )
  if (timings) timings.splitMs += performance.now() - start
  return split.map((letter) => ({ ok: true as const, ...letter }))
}

function batchDocument(letters: ComposedLetter[], pages: number[]): string {
  return printedDocument({
    title: 'Lettres',
    lang: 'fr',
    css: raw(letters.map(({ foot }, index) => footRule(`l${index}`, foot, pages[index]!).text).join('\n')),
    body: markup`${letters.map(({ body, language = 'fr' }, index) => markup`<article class="letter" lang="${language}" style="page:l${index}">${body}</article>`)}`,
  })
}

const footRule = (name: string, foot: string | null, pages: number) =>
  foot === null ? barePageRule(name) : pageRule(name, { left: foot, pages })

const mayBeOneLettersFault = (error: unknown): error is Error =>
  error instanceof PrintFailed || error instanceof EntangledLetters || error instanceof UnreadablePdf
