import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const OPTIONS = { encoding: 'utf8', maxBuffer: 1024 * 1024 * 1024 } as const

const MILLIMETRES = 25.4 / 72

export interface Word {
  text: string
  left: number
  top: number
  right: number
  bottom: number
}

export interface ReadPage {
  words: Word[]
  /** As a person reads them, from left to right and from top to bottom. */
  lines: string[]
}

/** The pages of a PDF as poppler reads them, in millimetres from the top left. */
export async function readPages(path: string): Promise<ReadPage[]> {
  const { stdout } = await run('pdftotext', ['-bbox', path, '-'], OPTIONS)
  return stdout.split('<page ').slice(1).map(readPage)
}

const WORD = /<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)</g
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function readPage(html: string): ReadPage {
  const words = [...html.matchAll(WORD)].map(([, left, top, right, bottom, text]) => ({
    text: text!.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole),
    left: Number(left) * MILLIMETRES,
    top: Number(top) * MILLIMETRES,
    right: Number(right) * MILLIMETRES,
    bottom: Number(bottom) * MILLIMETRES,
  }))
  return { words, lines: linesOf(words) }
}

/** Words whose middles are at about one height are a line. */
function linesOf(words: Word[]): string[] {
  const middle = ({ top, bottom }: Word) => (top + bottom) / 2
  const lines: Word[][] = []
  for (const word of words.toSorted((a, b) => middle(a) - middle(b))) {
    const line = lines.at(-1)
    if (line && middle(word) - middle(line[0]!) < 1) line.push(word)
    else lines.push([word])
  }
  return lines.map((line) =>
    line
      .toSorted((a, b) => a.left - b.left)
      .map(({ text }) => text)
      .join(' ')
  )
}

/** What is wrong with a file, in the words of qpdf; nothing when it is clean. */
export async function qpdfProblem(path: string): Promise<string | null> {
  try {
    await run('qpdf', ['--check', path], OPTIONS)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** The fonts of a file that are not in it. */
export async function foreignFonts(path: string): Promise<string[]> {
  const { stdout } = await run('pdffonts', [path], OPTIONS)
  return stdout
    .trim()
    .split('\n')
    .slice(2)
    .filter((line) => !/\s+yes\s+yes\s+(yes|no)\s+\d+\s+0\s*$/.test(line))
}
