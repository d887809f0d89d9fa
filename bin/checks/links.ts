import { access, readFile, readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ApplicationService } from '@adonisjs/core/types'

export const title = 'documents link to files that exist, and name tests that exist'

const LINK = /!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)/g
/** A test as docs/features.md names it: a folder, or a file without its ending. */
const TEST = /`((?:unit|functional|harness|browser)\/[\w/]+)`/g
const FENCE = /^```[\s\S]*?^```/gm

export async function problems(app: ApplicationService): Promise<string[]> {
  const found: string[] = []
  for (const file of await documents(app)) {
    const text = (await readFile(app.makePath(file), 'utf8')).replace(FENCE, '')
    for (const [, target] of text.matchAll(LINK)) {
      if (/^([a-z]+:|#)/i.test(target!)) continue
      const path = resolve(app.makePath(dirname(file)), decodeURI(target!.split('#')[0]!))
      if (!(await exists(path))) found.push(`${file} links to ${target}`)
    }
    for (const [, name] of text.matchAll(TEST)) {
      const paths = ['', '.spec.ts', '.harness.ts'].map((ending) => app.makePath(`tests/${name}${ending}`))
      if (!(await Promise.all(paths.map(exists))).includes(true)) found.push(`${file} names a test ${name}`)
    }
  }
  return found
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false
  )

async function documents(app: ApplicationService): Promise<string[]> {
  const top = await readdir(app.makePath('.'))
  const docs = await readdir(app.makePath('docs'), { recursive: true })
  return [...top, ...docs.map((file) => join('docs', file))].filter((file) => file.endsWith('.md'))
}
