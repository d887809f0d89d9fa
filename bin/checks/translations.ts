import { readFile, readdir } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
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
    ...spacingProblems(fr),
    ...(await unknownKeys(app, new Set(Object.keys(fr)))),
  ]
}

const missing = (from: Words, to: Words, language: string) =>
  Object.keys(from)
    .filter((key) => !(key in to))
    .map((key) => `${key} has no ${language}`)

function argumentProblems(fr: Words, en: Words) {
  const named = (message: string) => [...new Set(argumentsOf(message))].sort().join(' ')
  return Object.keys(fr)
    .filter((key) => key in en && named(fr[key]!) !== named(en[key]!))
    .map((key) => `${key} takes (${named(fr[key]!)}) in French and (${named(en[key]!)}) in English`)
}

/**
 * The values a message takes: `{name}`, `{count, plural, one {…} other {…}}` and
 * those inside the branches, whose own braces hold words.
 */
function argumentsOf(message: string): string[] {
  return topLevelBraces(message).flatMap((inside) => {
    const [, name, rest] = /^\s*(\w+)\s*(?:,\s*\w+\s*,?([^]*))?$/.exec(inside) ?? []
    return name ? [name, ...topLevelBraces(rest ?? '').flatMap(argumentsOf)] : []
  })
}

/** Where a line may not break: before ? ! ; : » % €, and after «. A skeleton (`, ::dMMM`) is no sentence. */
const BREAKING_SPACE = /(?<=\S) (?=[?!;»%€]|:(?!:))|« /

const spacingProblems = (fr: Words) =>
  Object.keys(fr)
    .filter((key) => BREAKING_SPACE.test(fr[key]!))
    .map((key) => `${key} may break before a French sign: it takes a no-break space`)

function topLevelBraces(text: string): string[] {
  const found: string[] = []
  let depth = 0
  let start = 0
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    if (brace === '{' && depth++ === 0) start = index + 1
    if (brace === '}' && --depth === 0) found.push(text.slice(start, index))
  }
  return found
}

/** Formats each message once: a brace or a plural badly written throws. */
function syntaxProblems(languages: Record<string, Words>): string[] {
  const found: string[] = []
  for (const [locale, words] of Object.entries(languages)) {
    for (const [key, message] of Object.entries(words)) {
      const values = Object.fromEntries(argumentsOf(message).map((name) => [name, 1]))
      try {
        i18n.locale(locale).formatRawMessage(message, values)
      } catch (error) {
        found.push(`${locale}: ${key}: ${(error as Error).message.split('\n')[0]}`)
      }
    }
  }
  return found
}

/** `t('a.b')`, and `t(\`a.${b}\`)` or `t('a.' + b)`, of which at least the beginning must exist. */
const CALL = /\bt\(\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`\n]+)`)/g
/** A folder's own `t`, which puts the beginning before every key it is given, there and below. */
const OWN_BEGINNING = /\bt\(`([\w.]+\.)\$\{key\}`/

async function unknownKeys(app: ApplicationService, keys: Set<string>): Promise<string[]> {
  const sources = await readSources(app)
  const beginnings = new Map(
    sources.flatMap(({ file, text }) => {
      const own = OWN_BEGINNING.exec(text)?.[1]
      return own ? [[dirname(file), own] as const] : []
    })
  )
  const found = new Set<string>()
  for (const { file, text } of sources) {
    const own = beginnings.get(above(file).find((folder) => beginnings.has(folder)) ?? '')
    for (const [, single, double, template] of text.matchAll(CALL)) {
      const asked = single ?? double ?? template!
      if (exists(asked, keys) || (own && exists(own + asked, keys))) continue
      found.add(`${file} asks for ${asked}, which nothing says`)
    }
  }
  return [...found]
}

/** The folders that hold a file, the nearest first. */
function above(file: string): string[] {
  const folder = dirname(file)
  return folder === '.' ? [] : [folder, ...above(folder)]
}

async function readSources(app: ApplicationService) {
  const sources: { file: string; text: string }[] = []
  for (const folder of ['app', 'resources/views', 'start']) {
    for (const name of await readdir(app.makePath(folder), { recursive: true })) {
      if (!['.ts', '.edge'].includes(extname(name))) continue
      const file = join(folder, name)
      sources.push({ file, text: await readFile(app.makePath(file), 'utf8') })
    }
  }
  return sources
}

function exists(asked: string, keys: Set<string>): boolean {
  const beginning = asked.split('${')[0]!
  const dynamic = asked.includes('${') || asked.endsWith('.')
  if (!dynamic) return keys.has(asked)
  return beginning === '' || [...keys].some((key) => key.startsWith(beginning))
}
