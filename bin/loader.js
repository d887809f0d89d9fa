/**
 * Lets Node import the TypeScript of this folder: `node --import=./bin/loader.js …`.
 * What SWC makes of a file is kept under the hash of its source, and where imports
 * lead in `node_modules` for as long as the same packages are installed, so that
 * every start after the first only reads (docs/decisions/0015-loading-typescript.md).
 * Plain JavaScript, since it runs before anything else can.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createRequire, enableCompileCache, registerHooks, setSourceMapsSupport } from 'node:module'
import { fileURLToPath } from 'node:url'

const ROOT = new URL('../', import.meta.url)
const PACKAGES = new URL('node_modules/', ROOT).href
const CACHE = fileURLToPath(new URL('.cache/amiable/', PACKAGES))

/** What tsconfig.json says, in SWC's words. */
const OPTIONS = {
  module: { type: 'es6' },
  sourceMaps: 'inline',
  jsc: {
    target: 'esnext',
    parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    experimental: { keepImportAttributes: true },
    keepClassNames: true,
  },
}

const require = createRequire(import.meta.url)
const { imports: aliases } = require('../package.json')
const salt = JSON.stringify([OPTIONS, require('@swc/core/package.json').version])

const tree = installed()
const pathsFile = `${CACHE}imports-${tree}.json`
const paths = tree ? readPaths() : {}
let arePathsNew = false

setSourceMapsSupport(true, { nodeModules: false })
enableCompileCache(`${CACHE}bytecode`)
registerHooks({ resolve, load })
process.on('exit', keepPaths)

function resolve(specifier, context, next) {
  if (!context.conditions.includes('import')) return next(specifier, context)
  if (specifier.startsWith('#')) return aliased(specifier, context) ?? next(specifier, context)
  const from = folderOf(context.parentURL, specifier)
  return from === null ? written(specifier, context, next) : installedAt(from, specifier, context, next)
}

/** The application's own aliases, as package.json maps them: each leads to one file. */
function aliased(specifier, { parentURL }) {
  if (parentURL?.startsWith(PACKAGES)) return null
  const slash = specifier.indexOf('/')
  const target = aliases[`${specifier.slice(0, slash)}/*`]
  const url = target && new URL(target.replace('*', specifier.slice(slash + 1)), ROOT)
  return url && existsSync(url) ? { url: url.href, format: 'module', shortCircuit: true } : null
}

/** TypeScript is imported by the name of the JavaScript it stands for. */
function written(specifier, context, next) {
  try {
    return next(specifier, context)
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/^(\.|file:).*\.js$/.test(specifier)) throw error
    return next(`${specifier.slice(0, -3)}.ts`, context)
  }
}

/** The folder that decides where an import leads when that is a package; null when it leads to a file of ours. */
function folderOf(parentURL, specifier) {
  if (parentURL?.startsWith(PACKAGES)) return parentURL.slice(PACKAGES.length, parentURL.lastIndexOf('/'))
  const isPackage = /^[@a-z]/.test(specifier) && !/^[a-z]+:/.test(specifier)
  return isPackage && parentURL?.startsWith(ROOT.href) ? '' : null
}

function installedAt(from, specifier, context, next) {
  const key = `${context.conditions} ${from}`
  if (paths[key]?.[specifier]) {
    const [path, format] = paths[key][specifier]
    const url = path.includes(':') ? path : PACKAGES + path
    if (path.includes(':') || existsSync(new URL(url))) return { url, format, shortCircuit: true }
  }
  const found = written(specifier, context, next)
  if (found.url.startsWith(PACKAGES) || found.url.startsWith('node:')) {
    const path = found.url.replace(PACKAGES, '')
    ;(paths[key] ??= {})[specifier] = [path, found.format]
    arePathsNew = true
  }
  return found
}

/** Changes whenever npm installs anything; null for a tree that npm did not make: nothing is remembered of it. */
function installed() {
  const lock = statSync(new URL('.package-lock.json', PACKAGES), { throwIfNoEntry: false })
  if (!lock) return null
  const facts = [PACKAGES, process.version, lock.mtimeMs, lock.size]
  return createHash('sha256').update(facts.join('\0')).digest('hex').slice(0, 16)
}

function readPaths() {
  return JSON.parse(readOrNull(pathsFile) ?? '{}')
}

/** What other processes found meanwhile stays. */
function keepPaths() {
  if (!tree || !arePathsNew) return
  const kept = readPaths()
  for (const [key, found] of Object.entries(paths)) kept[key] = { ...kept[key], ...found }
  keep(pathsFile, JSON.stringify(kept))
}

function load(url, context, next) {
  const { protocol, pathname } = new URL(url)
  if (protocol !== 'file:' || !pathname.endsWith('.ts') || pathname.includes('/node_modules/')) {
    return next(url, context)
  }
  return { format: 'module', source: compiled(fileURLToPath(url)), shortCircuit: true }
}

function compiled(file) {
  const source = readFileSync(file, 'utf8')
  const hash = createHash('sha256').update(`${salt}\0${file}\0${source}`).digest('hex')
  const kept = `${CACHE}${hash}.js`
  return (
    readOrNull(kept) ??
    keep(kept, require('@swc/core').transformSync(source, { ...OPTIONS, filename: file }).code)
  )
}

function readOrNull(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

/** Renamed into place, since other processes may be reading. Where nothing may be written, nothing is kept. */
function keep(file, code) {
  try {
    mkdirSync(CACHE, { recursive: true })
    writeFileSync(`${file}.${process.pid}`, code)
    renameSync(`${file}.${process.pid}`, file)
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) throw error
  }
  return code
}
