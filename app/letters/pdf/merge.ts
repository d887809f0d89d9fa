import { createHash } from 'node:crypto'
import {
  isKey,
  isReference,
  keyMark,
  keyOf,
  PdfReader,
  referencesAfter,
  rewritten,
  type Mark,
  type PdfObject,
} from '#letters/pdf/reader'
import { PdfWriter, ROLE_MAP, textString } from '#letters/pdf/writer'

export interface MergeOptions {
  title: string
  /** PDF date, as `D:20261122135351Z`. */
  createdAt: string
  /** Adds an empty page after a letter of an odd number of pages: on both sides, none begins behind another. */
  duplex: boolean
}

const EMPTY_PAGE = '/MediaBox [0 0 594.96 841.92] /Resources <<>>'

/**
 * One PDF of many letters, in order, with a bookmark to each and the structure
 * of all. Fonts that several letters carry are written once. Letters are added
 * one at a time and their bytes taken as they come: a file of thousands never
 * stands whole in memory.
 */
export class LetterMerge {
  readonly #writer = new PdfWriter()
  readonly #catalog = this.#writer.reserve()
  readonly #pageTree = this.#writer.reserve()
  readonly #info = this.#writer.reserve()
  readonly #structure = this.#writer.reserve()
  readonly #document = this.#writer.reserve()
  readonly #pages: number[] = []
  readonly #roots: number[] = []
  readonly #parents: string[] = []
  readonly #names: string[] = []
  readonly #bookmarks: { label: string; page: number }[] = []
  readonly #shared = new Map<string, number>()
  #letters = 0

  constructor(private readonly options: MergeOptions) {}

  get pageCount() {
    return this.#pages.length
  }

  /**
   * Adds one of our own letters (see `splitLetters`) and gives the bytes to append to the file.
   *
   * @param label of its bookmark; without one, it belongs to what was added before
   */
  add(bytes: Buffer, label: string | null): Buffer {
    const file = new PdfReader(bytes)
    const { numbers: pages, nodes } = file.pages()
    const tree = file.object(referencesAfter(file.object(file.root), '/StructTreeRoot')[0]!)
    const document = referencesAfter(tree, '/K')[0]!
    const numbers = new Map([
      [document, this.#document],
      ...nodes.map((node) => [node, this.#pageTree] as const),
    ])
    this.#letters += 1

    const firstKey = this.#parents.length
    const parents = [...file.source(referencesAfter(tree, '/ParentTree')[0]!).matchAll(/(\d+) (\d+) 0 R/g)]
    const roots = referencesAfter(file.object(document), '/K')
    const renamed = (mark: Mark): Mark => {
      if (typeof mark === 'string') return this.#ownName(mark)
      return isKey(mark) ? keyMark(keyOf(mark) + firstKey) : numbers.get(mark)!
    }
    const entries = [...pages, ...roots, ...parents.map(([, , list]) => Number(list))]
    this.#copyAll(file, entries, numbers, renamed)

    if (label !== null) this.#bookmarks.push({ label, page: numbers.get(pages[0]!)! })
    this.#pages.push(...pages.map((page) => numbers.get(page)!))
    this.#roots.push(...roots.map((root) => numbers.get(root)!))
    for (const [, , list] of parents) this.#parents.push(`${numbers.get(Number(list))} 0 R`)
    if (this.options.duplex && pages.length % 2 === 1) this.#addEmptyPage()
    return this.#writer.take()
  }

  /** The last bytes of the file. */
  end(): Buffer {
    const writer = this.#writer
    const outlines = this.#writeBookmarks()
    const parentTree = writer.reserve()
    const idTree = writer.reserve()
    writer.put(
      this.#catalog,
      `<</Type /Catalog /Pages ${this.#pageTree} 0 R /MarkInfo <</Marked true>> /StructTreeRoot ${this.#structure} 0 R /Outlines ${outlines} 0 R /PageMode /UseOutlines /ViewerPreferences <</DisplayDocTitle true>> /Lang (fr)>>`
    )
    writer.put(
      this.#pageTree,
      `<</Type /Pages /Count ${this.#pages.length} /Kids [${this.#pages.map(reference).join(' ')}]>>`
    )
    writer.put(
      this.#info,
      `<</Title ${textString(this.options.title)} /Producer (Amiable) /CreationDate (${this.options.createdAt})>>`
    )
    writer.put(
      this.#structure,
      `<</Type /StructTreeRoot /K ${this.#document} 0 R /ParentTree ${parentTree} 0 R /RoleMap ${ROLE_MAP} /ParentTreeNextKey ${this.#parents.length} /IDTree ${idTree} 0 R>>`
    )
    writer.put(
      this.#document,
      `<</Type /StructElem /S /Document /Lang (fr) /P ${this.#structure} 0 R /K [${this.#roots.map(reference).join(' ')}]>>`
    )
    writer.put(parentTree, `<</Nums [${this.#parents.map((list, key) => `${key} ${list}`).join(' ')}]>>`)
    writer.put(idTree, `<</Names [${this.#names.sort().join(' ')}]>>`)
    writer.end(this.#catalog, this.#info)
    return writer.take()
  }

  /** Copies all that the entries reach, under new numbers. */
  #copyAll(file: PdfReader, entries: number[], numbers: Map<number, number>, renamed: (mark: Mark) => Mark) {
    const waiting = [...entries]
    const own: number[] = []
    for (let next = 0; next < waiting.length; next++) {
      const number = waiting[next]!
      if (numbers.has(number)) continue
      const object = file.object(number)
      if (object.text[0]!.startsWith('<</Type /Font\n')) {
        this.#share(file, number, numbers, renamed)
        continue
      }
      numbers.set(number, this.#writer.reserve())
      own.push(number)
      waiting.push(...object.marks.filter(isReference))
    }
    for (const number of own) {
      const object = file.object(number)
      this.#writer.copy(numbers.get(number)!, object, renamed)
      this.#noteNames(object, numbers.get(number)!)
    }
  }

  /** Writes a font and what it is made of, or points at the same ones written for an earlier letter. */
  #share(file: PdfReader, number: number, numbers: Map<number, number>, renamed: (mark: Mark) => Mark) {
    if (numbers.has(number)) return
    const object = file.object(number)
    for (const mark of object.marks) if (isReference(mark)) this.#share(file, mark, numbers, renamed)
    const source = rewritten(object, renamed)
    const content = createHash('sha256')
      .update(source)
      .update(object.stream ?? '')
      .digest('base64')
    const known = this.#shared.get(content)
    numbers.set(number, known ?? this.#writer.reserve())
    if (known !== undefined) return
    this.#shared.set(content, numbers.get(number)!)
    this.#writer.copy(numbers.get(number)!, object, renamed)
  }

  /** Two batches give the same names to different cells. */
  #ownName(name: string) {
    return `${name}.${this.#letters}`
  }

  #noteNames({ text, marks }: PdfObject, number: number) {
    marks.forEach((mark, index) => {
      if (typeof mark !== 'string' || !text[index]!.endsWith('/ID ')) return
      this.#names.push(`(${this.#ownName(mark)}) ${number} 0 R`)
    })
  }

  #addEmptyPage() {
    const page = this.#writer.reserve()
    this.#pages.push(page)
    this.#writer.put(page, `<</Type /Page /Parent ${this.#pageTree} 0 R ${EMPTY_PAGE}>>`)
  }

  #writeBookmarks(): number {
    const writer = this.#writer
    const outlines = writer.reserve()
    const items = this.#bookmarks.map(() => writer.reserve())
    this.#bookmarks.forEach(({ label, page }, index) => {
      const previous = index > 0 ? ` /Prev ${items[index - 1]} 0 R` : ''
      const next = index < items.length - 1 ? ` /Next ${items[index + 1]} 0 R` : ''
      writer.put(
        items[index]!,
        `<</Title ${textString(label)} /Parent ${outlines} 0 R${previous}${next} /Dest [${page} 0 R /XYZ null null null]>>`
      )
    })
    const ends = items.length > 0 ? ` /First ${items[0]} 0 R /Last ${items.at(-1)} 0 R` : ''
    writer.put(outlines, `<</Type /Outlines /Count ${items.length}${ends}>>`)
    return outlines
  }
}

const reference = (number: number) => `${number} 0 R`
