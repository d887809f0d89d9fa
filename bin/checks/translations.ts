import { readFile, readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import i18n from '@adonisjs/i18n/services/main'
import type { ApplicationService } from '@adonisjs/core/types'

export const title = 'French and English say the same things, and say all that is asked for'

type Words = Record<string, string>

export async function problems(app: ApplicationService): Promise<string[]> {
  const fr = i18n.getTranslationsFor('fr')
  const en = i18n.getTranslationsFor('en')
  return [
    ...missing(fr, en, 'English'),
    ...missing(en, fr, 'French'),
    ...argumentProblems(fr, en),
    ...syntaxProblems({ fr, en }),
    ...(await unknownKeys(app, new Set(Object.keys(fr)))),
  ]
}

const missing = (from: Words, to: Words, language: string) =>
  Object.keys(from)
    .filter((key) => !(key in to))
    .map((key) => `${key} has no ${language}`)

/** `{count, plural, …}` and `{name}`: the same values on both sides. */
function argumentProblems(fr: Words, en: Words) {
  const named = (message: string) =>
    [...new Set(Array.from(message.matchAll(/\{\s*(\w+)\s*[,}]/g), ([, name]) => name))].sort().join(' ')
  return Object.keys(fr)
    .filter((key) => key in en && named(fr[key]!) !== named(en[key]!))
    .map((key) => `${key} takes (${named(fr[key]!)}) in French and (${named(en[key]!)}) in English`)
}

/** Formats each message once: a brace or a plural badly written throws. */
function syntaxProblems(languages: Record<string, Words>): string[] {
  const found: string[] = []
  for (const [locale, words] of Object.entries(languages)) {
    for (const [key, message] of Object.entries(words)) {
      const names = Array.from(message.matchAll(/\{\s*(\w+)/g), ([, name]) => [name, 1])
      try {
        i18n.locale(locale).formatRawMessage(message, Object.fromEntries(names))
      } catch (error) {
        found.push(`${locale}: ${key}: ${(error as Error).message.split('\n')[0]}`)
      }
    }
  }
  return found
}

/** `t('a.b')`, and `t(\`a.${b}\`)` or `t('a.' + b)`, of which at least the beginning must exist. */
const CALL = /\bt\(\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`\n]+)`)/g

async function unknownKeys(app: ApplicationService, keys: Set<string>): Promise<string[]> {
  const found = new Set<string>()
  for (const folder of ['app', 'resources/views', 'start']) {
    for (const file of await readdir(app.makePath(folder), { recursive: true })) {
      if (!['.ts', '.edge'].includes(extname(file))) continue
      const source = await readFile(app.makePath(folder, file), 'utf8')
      for (const [, single, double, template] of source.matchAll(CALL)) {
        const asked = single ?? double ?? template!
        if (!exists(asked, keys)) found.add(`${join(folder, file)} asks for ${asked}, which nothing says`)
      }
    }
  }
  return [...found]
}

function exists(asked: string, keys: Set<string>): boolean {
  const [beginning, dynamic] = [asked.split('${')[0]!, asked.includes('${') || asked.endsWith('.')]
  if (!dynamic) return keys.has(asked)
  return beginning === '' || [...keys].some((key) => key.startsWith(beginning))
}
