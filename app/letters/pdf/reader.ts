/**
 * One indirect object. Its text is cut at every reference, structure key and
 * structure name: `text[0] marks[0] text[1] marks[1] … text[n]`, so that it can
 * be written again with other numbers without being parsed a second time.
 */
export interface PdfObject {
  text: string[]
  marks: Mark[]
  stream: Buffer | null
}

/**
 * Numbers and strings rather than objects, for a batch has a hundred thousand
 * of them: `n > 0` is a reference `n 0 R`; `n < 0` the structure key `-n - 1`;
 * a string the name of a structure element.
 */
export type Mark = number | string

export const isReference = (mark: Mark): mark is number => typeof mark === 'number' && mark > 0
export const isKey = (mark: Mark): mark is number => typeof mark === 'number' && mark < 0
export const keyMark = (key: number) => -key - 1
export const keyOf = (mark: number) => -mark - 1

export class UnreadablePdf extends Error {
  override name = 'UnreadablePdf'
}

/**
 * Strings are matched first, so that nothing inside one passes for a reference.
 * The writer of these files (Skia) escapes every parenthesis in a string.
 */
const TOKEN = /\((node\d+)\)|\((?:[^\\()]|\\[^])*\)|<[0-9A-Fa-f]*>|\b(\d+) 0 R\b|(?<=\/StructParents? )(\d+)/g

/**
 * A PDF with a plain cross-reference table, as Chromium's writer and ours make
 * them. Objects are read when asked for.
 */
export class PdfReader {
  readonly root: number
  readonly #bytes: Buffer
  /** The whole file once, one character per byte: objects are slices of it. */
  readonly #source: string
  readonly #offsets: number[]
  readonly #objects: (PdfObject | undefined)[]

  /** @throws UnreadablePdf for any other kind of file */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#source = bytes.toString('latin1')
    const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(this.#source.slice(-1024))?.[1])
    if (!Number.isInteger(start)) throw new UnreadablePdf('no cross-reference table')
    const table = this.#source.slice(start)
    this.#offsets = offsetsIn(table)
    this.#objects = new Array(this.#offsets.length)
    this.root = Number(/\/Root (\d+) 0 R/.exec(table.slice(table.lastIndexOf('trailer')))?.[1])
    if (!this.#offsets[this.root]) throw new UnreadablePdf('no catalog')
  }

  /** @throws UnreadablePdf when there is none */
  object(number: number): PdfObject {
    return (this.#objects[number] ??= this.#read(number))
  }

  /** The pages in order, and the nodes of the tree that holds them. */
  pages(): { numbers: number[]; nodes: number[] } {
    const numbers: number[] = []
    const nodes: number[] = []
    const visit = (number: number) => {
      if (!/\/Type \/Pages\b/.test(this.source(number))) return numbers.push(number)
      nodes.push(number)
      return referencesAfter(this.object(number), '/Kids').forEach(visit)
    }
    referencesAfter(this.object(this.root), '/Pages').slice(0, 1).forEach(visit)
    return { numbers, nodes }
  }

  /** The dictionary as text, for looking at names and numbers. */
  source(number: number): string {
    return rewritten(this.object(number), (mark) => mark)
  }

  #read(number: number): PdfObject {
    const offset = this.#offsets[number]
    if (!offset) throw new UnreadablePdf(`no object ${number}`)
    const start = this.#source.indexOf(' obj\n', offset) + 5
    const source = this.#source.slice(start, this.#source.indexOf('\nendobj', start))
    const dictionary = source.indexOf(STREAM)
    if (dictionary === -1) return { ...cut(source), stream: null }
    return { ...cut(source.slice(0, dictionary)), stream: this.#stream(source, start + dictionary) }
  }

  #stream(source: string, at: number): Buffer {
    const length = Number(/\/Length (\d+)/.exec(source)?.[1])
    const from = at + STREAM.length
    if (this.#source.slice(from + length, from + length + 10) !== '\nendstream') {
      throw new UnreadablePdf('a stream is not as long as it says')
    }
    return this.#bytes.subarray(from, from + length)
  }
}

/** A line break never stands bare in a string of these files, so this ends a dictionary and no text. */
const STREAM = ' stream\n'

/** The object's dictionary with other marks. */
export function rewritten({ text, marks }: PdfObject, renamed: (mark: Mark) => Mark): string {
  let source = text[0]!
  marks.forEach((old, index) => {
    const mark = renamed(old)
    source += typeof mark === 'string' ? `(${mark})` : mark > 0 ? `${mark} 0 R` : keyOf(mark)
    source += text[index + 1]!
  })
  return source
}

/** The references that follow a name: one, or those of the array that it opens. */
export function referencesAfter({ text, marks }: PdfObject, name: string): number[] {
  for (let index = 0; index < marks.length; index++) {
    const part = text[index]!
    if (part.endsWith(`${name} `)) return [marks[index]!].filter(isReference)
    if (part.endsWith(`${name} [`)) {
      const last = text.findIndex((after, position) => position > index && after.includes(']'))
      return marks.slice(index, last).filter(isReference)
    }
  }
  return []
}

/** Where each object begins; 0 for a number that is free. */
function offsetsIn(table: string): number[] {
  const section = /^xref\s+0 (\d+)\s+/.exec(table)
  if (!section) throw new UnreadablePdf('not a plain cross-reference table')
  return Array.from({ length: Number(section[1]) }, (_, number) => {
    const at = section[0].length + number * 20
    return table[at + 17] === 'n' ? Number(table.slice(at, at + 10)) : 0
  })
}

function cut(source: string): Pick<PdfObject, 'text' | 'marks'> {
  const text: string[] = []
  const marks: Mark[] = []
  let from = 0
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(source); match; match = TOKEN.exec(source)) {
    const [whole, id, reference, key] = match
    if (reference !== undefined) marks.push(Number(reference))
    else if (key !== undefined) marks.push(keyMark(Number(key)))
    else if (id !== undefined) marks.push(id)
    else continue
    text.push(source.slice(from, match.index))
    from = match.index + whole.length
  }
  text.push(source.slice(from))
  return { text, marks }
}
