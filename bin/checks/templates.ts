import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import edge from 'edge.js'
import type { ApplicationService } from '@adonisjs/core/types'

export const title = 'every Edge template compiles and names templates that exist'

/** A line that looks like a tag and that Edge would print as it is. */
const TAG_LINE = /^\s*@(!?)([a-z][\w.]*)\s*\(/gim
/** Edge reads a tag only where it begins its line; elsewhere it is printed to the reader. */
const TAG_IN_A_LINE = /\S.*?@(?:!?[a-z][\w.]*\(|else\b|end\b)/gi
const COMMENTS_AND_VALUES = /\{\{--[\s\S]*?--\}\}|\{\{[\s\S]*?\}\}/g
const REFERENCE = /@!?(?:include|component|layout)(?:If|When)?\(\s*(?:[^,'"()]+,\s*)?['"]([\w/.-]+)['"]/g

/** CSS has at-rules of its own. */
const STYLE = /<style[^]*?<\/style>/g

export async function problems(app: ApplicationService): Promise<string[]> {
  /** Edge runs its plugins, which bring tags and components, when it first makes a renderer. */
  edge.createRenderer()
  const root = app.viewsPath()
  const files = await readdir(root, { recursive: true })
  const names = files.filter((file) => file.endsWith('.edge')).map((file) => file.slice(0, -'.edge'.length))
  const tags = new Set([...Object.keys(edge.tags), ...componentTags()])
  const found: string[] = []
  for (const name of names.sort()) {
    const source = (await readFile(join(root, `${name}.edge`), 'utf8')).replace(STYLE, '')
    for (const [, , tag] of source.matchAll(TAG_LINE)) {
      if (!tags.has(tag!)) found.push(`${name}: no tag or component is called @${tag}`)
    }
    for (const [, reference] of source.matchAll(REFERENCE)) {
      if (!names.includes(reference!)) found.push(`${name}: no template is called ${reference}`)
    }
    for (const [line] of source.replace(COMMENTS_AND_VALUES, '').matchAll(TAG_IN_A_LINE)) {
      if (!/^@!?[a-z][\w.]*\(/i.test(line)) found.push(`${name}: a tag must begin its line: ${line}`)
    }
    const failure = compileFailure(name)
    if (failure) found.push(`${name}: ${failure}`)
  }
  return found
}

function componentTags(): string[] {
  return edge.loader.listComponents().flatMap(({ components }) => components.map(({ tagName }) => tagName))
}

function compileFailure(name: string): string | null {
  try {
    edge.asyncCompiler.compile(name)
    return null
  } catch (error) {
    const { message, line } = error as Error & { line?: number }
    return line ? `line ${line}: ${message}` : message
  }
}
