import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'puppeteer-core'
import { describeChromium, launchChromium } from '#letters/rendering/chromium'
import { LETTERS_PER_BATCH, printBatch, type ComposedLetter } from '#letters/rendering/batch'
import { pageRule, printedDocument } from '#letters/rendering/document'
import { markup } from '#letters/rendering/markup'
import { closePrinter } from '#letters/rendering/printer'
import { benchLetter } from './letters.sample.ts'
import { MemoryWatch } from './memory.ts'
import { measure, ratio, round, say, type Bench } from './report.ts'

const GOALS = {
  launchPerLetter: 50,
  newPage: 12,
  reusedPage: 4.5,
  peakMb: 1024,
  splitShare: 0.1,
  memoryGrowth: 1.25,
}

/**
 * Tagged letters of 1, 2 and 3 pages (60, 30 and 10 %), each a file on disk:
 * our batches on two browsers against a browser launched per letter, a new page
 * per letter and one page used again, in turn, in the same run and with the
 * same browser. The last one is also measured without tags, which ours always
 * have. With pdftotext on the machine, the letters printed alone and those cut
 * out of a batch must read the same.
 *
 * --size=1000 letters of ours in a repeat · --repeats=3 · --compare=60 letters printed alone in one page
 * and read · --long also 200 and 5,000 for memory
 */
const letters: Bench = async (options) => {
  const size = Number(options.size ?? 1000)
  const repeats = Number(options.repeats ?? 3)
  const compared = Math.min(size, Number(options.compare ?? 60))
  const folder = await mkdtemp(join(tmpdir(), 'amiable-bench-'))
  const rates: Record<string, number[]> = {
    ours: [],
    launchPerLetter: [],
    newPage: [],
    reusedPage: [],
    reusedPageUntagged: [],
  }
  const shares: number[] = []
  let peakMb = 0
  try {
    await ours(folder, 2 * LETTERS_PER_BATCH)
    for (let repeat = 0; repeat < repeats; repeat++) {
      rates.launchPerLetter!.push(await launchPerLetter(folder, 8))
      rates.newPage!.push(await newPage(folder, 24))
      rates.reusedPageUntagged!.push(await reusedPage(folder, 60, false))
      rates.reusedPage!.push(await reusedPage(folder, compared, true))
      const run = await ours(folder, size)
      rates.ours!.push(run.rate)
      shares.push(run.splitShare)
      peakMb = Math.max(peakMb, run.peakMb)
      say(
        `${repeat + 1}/${repeats}: ${Object.entries(rates)
          .map(([name, all]) => `${name} ${round(all.at(-1)!)}/s`)
          .join(', ')}, ${run.peakMb} MB`
      )
    }
    const reading = await readAgainstAlone(folder, compared)
    const growth = await memoryGrowth(folder, options.long ? 5000 : size)
    return report(rates, shares, peakMb, growth, reading)
  } finally {
    await closePrinter()
    await rm(folder, { recursive: true, force: true })
  }
}

export default letters

async function report(
  rates: Record<string, number[]>,
  shares: number[],
  peakMb: number,
  growth: Growth,
  reading: Reading | null
) {
  const { ours: mine, ...others } = Object.fromEntries(
    Object.entries(rates).map(([name, all]) => [name, measure(all)])
  ) as Record<string, ReturnType<typeof measure>>
  const ratios = Object.fromEntries(
    Object.entries(others).map(([name, theirs]) => [name, ratio(mine!, theirs)])
  )
  const splitShare = measure(shares).median
  const met =
    Object.entries(ratios).every(([name, value]) => value >= (GOALS[name as keyof typeof GOALS] ?? 0)) &&
    reading?.different !== undefined &&
    reading.different.length === 0 &&
    Math.max(peakMb, growth.largeMb) <= GOALS.peakMb &&
    splitShare <= GOALS.splitShare &&
    growth.largeMb / growth.smallMb <= GOALS.memoryGrowth
  return {
    bench: 'letters',
    unit: 'letters/s',
    ours: mine!,
    baselines: others,
    ratios,
    peakMb: Math.max(peakMb, growth.largeMb),
    goals: GOALS,
    met,
    notes: { splitShare, memory: growth, reading, browser: (await describeChromium()).version },
  }
}

/** Two lanes of batches, as `RenderLetters` has them. */
async function ours(folder: string, size: number) {
  const watch = new MemoryWatch()
  const timings = { splitMs: 0 }
  const start = performance.now()
  let next = 0
  const lane = async () => {
    while (next < size) {
      const from = next
      next += LETTERS_PER_BATCH
      const batch = Array.from({ length: Math.min(LETTERS_PER_BATCH, size - from) }, (_, index) =>
        benchLetter(from + index)
      )
      const printed = await printBatch(batch, timings)
      await Promise.all(
        printed.map((letter, index) => {
          if (!letter.ok) throw letter.error
          return writeFile(join(folder, `${from + index}.pdf`), letter.bytes)
        })
      )
    }
  }
  await Promise.all([lane(), lane()])
  const ms = performance.now() - start
  return { rate: (size / ms) * 1000, splitShare: timings.splitMs / ms, peakMb: await watch.end() }
}

interface Reading {
  letters: number
  /** The numbers of those whose text is not that of the letter printed alone. */
  different: number[]
}

/** Null without pdftotext. */
async function readAgainstAlone(folder: string, count: number): Promise<Reading | null> {
  const textOf = async (name: string) => {
    const { stdout } = await promisify(execFile)('pdftotext', ['-layout', join(folder, `${name}.pdf`), '-'])
    return stdout.replace(/\s+/g, ' ')
  }
  const different: number[] = []
  try {
    for (let index = 0; index < count; index++) {
      if ((await textOf(`${index}`)) !== (await textOf(`alone-${index}`))) different.push(index)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return { letters: count, different }
}

interface Growth {
  small: number
  smallMb: number
  large: number
  largeMb: number
}

/** The most held for a few letters and for many, each with fresh browsers. */
async function memoryGrowth(folder: string, large: number): Promise<Growth> {
  const small = 200
  await closePrinter()
  const { peakMb: smallMb } = await ours(folder, small)
  await closePrinter()
  const { peakMb: largeMb } = await ours(folder, large)
  return { small, smallMb, large, largeMb }
}

async function launchPerLetter(folder: string, size: number) {
  return rateOf(size, async (index) => {
    const browser = await launchChromium()
    await printAlone(await browser.newPage(), folder, index)
    await browser.close()
  })
}

async function newPage(folder: string, size: number) {
  const browser = await launchChromium()
  const rate = await rateOf(size, async (index) => {
    const page = await browser.newPage()
    await printAlone(page, folder, index)
    await page.close()
  })
  await browser.close()
  return rate
}

async function reusedPage(folder: string, size: number, tagged: boolean) {
  const browser = await launchChromium()
  const page = await browser.newPage()
  const rate = await rateOf(size, (index) => printAlone(page, folder, index, tagged))
  await browser.close()
  return rate
}

async function printAlone(page: Page, folder: string, index: number, tagged = true) {
  await page.setContent(aloneDocument(benchLetter(index)), { waitUntil: 'load' })
  const bytes = await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged })
  await writeFile(join(folder, `alone-${index}.pdf`), bytes)
}

const aloneDocument = ({ title, body, foot }: ComposedLetter) =>
  printedDocument({
    title,
    lang: 'fr',
    css: pageRule('alone', { left: foot! }),
    body: markup`<article class="letter" style="page:alone">${body}</article>`,
  })

async function rateOf(size: number, one: (index: number) => Promise<void>): Promise<number> {
  const start = performance.now()
  for (let index = 0; index < size; index++) await one(index)
  return (size / (performance.now() - start)) * 1000
}
