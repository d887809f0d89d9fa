import {
  isKey,
  isReference,
  keyMark,
  keyOf,
  PdfReader,
  referencesAfter,
  type Mark,
  type PdfObject,
} from '#letters/pdf/reader'
import { PdfWriter, ROLE_MAP, textString } from '#letters/pdf/writer'

export interface SplitLetter {
  bytes: Buffer
  pages: number
}

/** A letter that reaches another's page or text: nothing of the batch is then used. */
export class EntangledLetters extends Error {
  override name = 'EntangledLetters'
}

/** What the whole batch is, read once. */
interface Batch {
  file: PdfReader
  /** The page-tree nodes and the `Document` element: replaced by each letter's own, never followed. */
  pageNodes: Set<number>
  document: number
  /** For each letter, its element under `Document` and its pages. */
  letters: { root: number; pages: number[] }[]
  /** Structure key → the object that lists its elements, or the element of an annotation. */
  parents: Map<number, number>
  owners: Map<number, number>
}

/** What each file says of itself. */
export interface LetterFacts {
  title: string
  language: 'fr' | 'en'
}

/**
 * Cuts a document of many letters into one file each, keeping its structure
 * tree. A letter is one child of the document's body, and takes whole pages.
 * Each file holds what its own pages and its own structure reach, and nothing
 * else: common tools keep the other letters' text in every file.
 *
 * @param letters the title and the language of each, in order; also checks that all are there
 * @param createdAt PDF date, as `D:20261122135351Z`
 * @throws EntangledLetters when a letter reaches another
 */
export function splitLetters(bytes: Buffer, letters: LetterFacts[], createdAt: string): SplitLetter[] {
  const batch = readBatch(bytes)
  if (batch.letters.length !== letters.length) {
    throw new EntangledLetters(`${letters.length} letters went in, ${batch.letters.length} came out`)
  }
  return batch.letters.map((letter, index) => ({
    bytes: writeLetter(batch, index, letters[index]!, createdAt),
    pages: letter.pages.length,
  }))
}

function readBatch(bytes: Buffer): Batch {
  const file = new PdfReader(bytes)
  const { numbers: pages, nodes } = file.pages()
  const tree = file.object(one(referencesAfter(file.object(file.root), '/StructTreeRoot')))
  const document = one(referencesAfter(tree, '/K'))
  const roots = referencesAfter(file.object(document), '/K')
  const parents = parentTree(file, one(referencesAfter(tree, '/ParentTree')))
  const letters = roots.map((root) => ({ root, pages: [] as number[] }))
  const indexOf = new Map(roots.map((root, index) => [root, index]))
  let current = 0
  for (const page of pages) {
    current = letterOfPage(file, page, parents, document, indexOf) ?? current
    letters[current]!.pages.push(page)
  }
  const owners = new Map<number, number>()
  letters.forEach(({ root, pages: own }, index) =>
    [root, ...own].forEach((number) => owners.set(number, index))
  )
  return { file, pageNodes: new Set(nodes), document, letters, parents, owners }
}

/** The letter whose text a page shows; null for a page with no text of its own. */
function letterOfPage(
  file: PdfReader,
  page: number,
  parents: Batch['parents'],
  document: number,
  indexOf: Map<number, number>
): number | null {
  const key = file.object(page).marks.find(isKey)
  const list = key === undefined ? undefined : parents.get(keyOf(key))
  const shown = list === undefined ? [] : file.object(list).marks.filter(isReference)
  const found = new Set(shown.map((element) => indexOf.get(topOf(file, element, document))!))
  if (found.size > 1) throw new EntangledLetters('a page shows two letters')
  const [letter] = found
  return letter ?? null
}

function topOf(file: PdfReader, element: number, document: number): number {
  for (let current = element; ;) {
    const parent = one(referencesAfter(file.object(current), '/P'))
    if (parent === document) return current
    current = parent
  }
}

function parentTree(file: PdfReader, number: number): Map<number, number> {
  const numbers = /\/Nums \[([^\]]*)\]/.exec(file.source(number))?.[1]
  if (numbers === undefined) throw new EntangledLetters('the parent tree is not a plain list')
  return new Map([...numbers.matchAll(/(\d+) (\d+) 0 R/g)].map(([, key, ref]) => [Number(key), Number(ref)]))
}

function writeLetter(
  batch: Batch,
  index: number,
  { title, language }: LetterFacts,
  createdAt: string
): Buffer {
  const { root, pages } = batch.letters[index]!
  const { objects, keys } = reach(batch, index)
  const writer = new PdfWriter()
  const [catalog, pageTree, info, structure, document, parentList, idTree] = Array.from({ length: 7 }, () =>
    writer.reserve()
  ) as [number, number, number, number, number, number, number]

  const numbers = new Map<number, number>([[batch.document, document]])
  for (const node of batch.pageNodes) numbers.set(node, pageTree)
  for (const number of objects.keys()) numbers.set(number, writer.reserve())
  const newKeys = new Map(keys.map((key, position) => [key, position]))
  const ref = (number: number) => `${numbers.get(number)!} 0 R`
  const renamed = (mark: Mark): Mark => {
    if (typeof mark === 'string') return mark
    return mark > 0 ? numbers.get(mark)! : keyMark(newKeys.get(keyOf(mark))!)
  }

  writer.put(
    catalog,
    `<</Type /Catalog /Pages ${pageTree} 0 R /MarkInfo <</Marked true>> /StructTreeRoot ${structure} 0 R /ViewerPreferences <</DisplayDocTitle true>> /Lang (${language})>>`
  )
  writer.put(pageTree, `<</Type /Pages /Count ${pages.length} /Kids [${pages.map(ref).join(' ')}]>>`)
  writer.put(info, `<</Title ${textString(title)} /Producer (Amiable) /CreationDate (${createdAt})>>`)
  writer.put(
    structure,
    `<</Type /StructTreeRoot /K ${document} 0 R /ParentTree ${parentList} 0 R /RoleMap ${ROLE_MAP} /ParentTreeNextKey ${keys.length} /IDTree ${idTree} 0 R>>`
  )
  writer.put(
    document,
    `<</Type /StructElem /S /Document /Lang (${language}) /P ${structure} 0 R /K [${ref(root)}]>>`
  )
  writer.put(
    parentList,
    `<</Nums [${keys.map((key) => `${newKeys.get(key)} ${ref(batch.parents.get(key)!)}`).join(' ')}]>>`
  )
  writer.put(idTree, idNames(objects, numbers))
  for (const [number, object] of objects) writer.copy(numbers.get(number)!, object, renamed)
  writer.end(catalog, info)
  return writer.take()
}

/** All that a letter's pages and structure reach, and the structure keys met on the way. */
function reach({ file, pageNodes, document, letters, parents, owners }: Batch, index: number) {
  const { root, pages } = letters[index]!
  const objects = new Map<number, PdfObject>()
  const keys: number[] = []
  const waiting = [...pages, root]
  for (let next = 0; next < waiting.length; next++) {
    const number = waiting[next]!
    if (objects.has(number) || pageNodes.has(number) || number === document) continue
    const owner = owners.get(number)
    if (owner !== undefined && owner !== index) throw new EntangledLetters('a letter reaches another')
    const object = file.object(number)
    objects.set(number, object)
    for (const mark of object.marks) {
      if (isReference(mark)) waiting.push(mark)
      if (!isKey(mark)) continue
      keys.push(keyOf(mark))
      waiting.push(parents.get(keyOf(mark))!)
    }
  }
  return { objects, keys: keys.sort((a, b) => a - b) }
}

/** The names by which table cells point at their headers. */
function idNames(objects: Map<number, PdfObject>, numbers: Map<number, number>): string {
  const names: [string, number][] = []
  for (const [number, { text, marks }] of objects) {
    marks.forEach((mark, index) => {
      if (typeof mark === 'string' && text[index]!.endsWith('/ID ')) names.push([mark, numbers.get(number)!])
    })
  }
  names.sort(([a], [b]) => (a < b ? -1 : 1))
  if (names.length === 0) return '<</Names []>>'
  const limits = `[(${names[0]![0]}) (${names.at(-1)![0]})]`
  return `<</Kids [<</Limits ${limits} /Names [${names.map(([name, number]) => `(${name}) ${number} 0 R`).join(' ')}]>>]>>`
}

function one(numbers: number[]): number {
  if (numbers.length !== 1) throw new EntangledLetters('the document is not tagged as expected')
  return numbers[0]!
}
