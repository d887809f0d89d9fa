import { attribute, decodeText } from '#shared/xml'

/** One entry of a statement holds this many elements at most: ten thousand payments and more. */
const MAX_NODES = 1_000_000

/** A part of a document, names without their prefixes. */
export class XmlNode {
  readonly children: XmlNode[] = []
  text = ''

  constructor(
    readonly name: string,
    readonly attributes: string
  ) {}

  /** The first child of that name, then its first child of the next name, and so on. */
  at(...path: string[]): XmlNode | null {
    let node: XmlNode | null = this
    for (const name of path) node = node?.children.find((child) => child.name === name) ?? null
    return node
  }

  all(name: string): XmlNode[] {
    return this.children.filter((child) => child.name === name)
  }

  /** The text at the end of a path, on one line; null when there is none. */
  textAt(...path: string[]): string | null {
    return this.at(...path)?.value || null
  }

  get value(): string {
    return decodeText(this.text).replace(/\s+/g, ' ').trim()
  }

  attribute(name: string): string | null {
    return attribute(this.attributes, name)
  }

  /** The node as text, without some of its children. */
  toXml(without?: string): string {
    const inner = this.children.filter(({ name }) => name !== without).map((child) => child.toXml())
    const opening = `${this.name}${this.attributes.trimEnd() && ` ${this.attributes.trim()}`}`
    return `<${opening}>${this.text.trim()}${inner.join('')}</${this.name}>`
  }
}

/** Builds one subtree at a time from a scanner's events. */
export class NodeBuilder {
  #open: XmlNode[] = []
  #count = 0

  get building() {
    return this.#open.length > 0
  }

  /** @returns false when the subtree grows beyond what a statement needs */
  open(name: string, attributes: string): boolean {
    const node = new XmlNode(name, attributes)
    this.#open.at(-1)?.children.push(node)
    this.#open.push(node)
    this.#count += 1
    return this.#count <= MAX_NODES
  }

  text(raw: string) {
    const node = this.#open.at(-1)
    if (node) node.text += raw
  }

  /** @returns the subtree when this closes it */
  close(): XmlNode | null {
    const node = this.#open.pop()!
    if (this.#open.length > 0) return null
    this.#count = 0
    return node
  }
}
