import { access, readFile, readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ApplicationService } from '@adonisjs/core/types'

export const title = 'links between documents lead somewhere'

const LINK = /!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)/g
const FENCE = /^```[\s\S]*?^```/gm

export async function problems(app: ApplicationService): Promise<string[]> {
  const found: string[] = []
  for (const file of await documents(app)) {
    const text = (await readFile(app.makePath(file), 'utf8')).replace(FENCE, '')
    for (const [, target] of text.matchAll(LINK)) {
      if (/^([a-z]+:|#)/i.test(target!)) continue
      const path = resolve(app.makePath(dirname(file)), decodeURI(target!.split('#')[0]!))
      const present = await access(path).then(
        () => true,
        () => false
      )
      if (!present) found.push(`${file} links to ${target}`)
    }
  }
  return found
}

async function documents(app: ApplicationService): Promise<string[]> {
  const top = await readdir(app.makePath('.'))
  const docs = await readdir(app.makePath('docs'), { recursive: true })
  return [...top, ...docs.map((file) => join('docs', file))].filter((file) => file.endsWith('.md'))
}
