/**
 * Lets Node import the TypeScript of this folder: `node --import=./bin/loader.js …`.
 * What SWC makes of a file is kept under the hash of its source, so that every
 * start after the first only reads (docs/decisions/0015-loading-typescript.md).
 * Plain JavaScript, since it runs before anything else can.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire, enableCompileCache, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

const CACHE = fileURLToPath(new URL('../node_modules/.cache/amiable/', import.meta.url))

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
const salt = JSON.stringify([OPTIONS, require('@swc/core/package.json').version])

process.setSourceMapsEnabled(true)
enableCompileCache(`${CACHE}bytecode`)
registerHooks({ resolve, load })

/** TypeScript is imported by the name of the JavaScript it stands for. */
function resolve(specifier, context, next) {
  try {
    return next(specifier, context)
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/^(\.|file:).*\.js$/.test(specifier)) throw error
    return next(`${specifier.slice(0, -3)}.ts`, context)
  }
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
