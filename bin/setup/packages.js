import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, statfsSync, writeFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { hashOf, inRoot, NODE_24, Obstacle, readOrNull, ROOT } from './tools.js'

const OLDEST_NPM = 10
const STAMP = inRoot('node_modules/.amiable-setup')
/** What node_modules takes, and a little to work in. */
const BYTES_NEEDED = 1_200_000_000

function lockHash() {
  return hashOf([inRoot('package-lock.json')], `${process.platform}-${process.arch}`)
}

/** A linked node_modules belongs to another clone, which sees to it. */
export function packagesDiffer() {
  if (lstatSync(inRoot('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return false
  if (!existsSync(NODE_24)) return true
  if (readOrNull(STAMP) === lockHash()) return false
  if (!installedByHand()) return true
  writeFileSync(STAMP, lockHash())
  return false
}

/** True when an `npm ci` run without us left exactly what the lock asks for; npm keeps the list. */
function installedByHand() {
  const list = readOrNull(inRoot('node_modules/.package-lock.json'))
  if (!list) return false
  const installed = JSON.parse(list).packages
  const asked = Object.entries(JSON.parse(readOrNull(inRoot('package-lock.json'))).packages)
  return asked.every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version
  )
}

export function installPackages() {
  const { bavail, bsize } = statfsSync(ROOT)
  if (!existsSync(inRoot('node_modules')) && bavail * bsize < BYTES_NEEDED) {
    throw new Obstacle(`The disk is almost full: the packages need ${BYTES_NEEDED / 1e9} GB in ${ROOT}`)
  }
  const npm = findNpm()
  const { status, stdout, stderr } = npm([
    'ci',
    '--include=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ])
  if (status !== 0) throw new Obstacle(explainNpm(`${stderr}\n${stdout}`))
  installNode24(npm)
  writeFileSync(STAMP, lockHash())
}

/**
 * npm, run by a Node that `npm ci` does not delete on its way: the one outside
 * node_modules, although npm puts the project's own first in PATH.
 */
function findNpm() {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !/[\\/]node_modules[\\/]\.bin[\\/]?$/.test(folder))
    .join(delimiter)
  const env = { ...process.env, PATH: path }
  const run = (args) => spawnSync('npm', args, { cwd: ROOT, env, encoding: 'utf8', maxBuffer: 1e8 })

  const { error, stdout } = run(['--version'])
  if (error) throw new Obstacle('npm is missing: install it with Node (https://nodejs.org)')
  if (Number(stdout.split('.')[0]) < OLDEST_NPM) {
    throw new Obstacle(
      `npm ${stdout.trim()} is too old: npm ${OLDEST_NPM} or later is needed (npm install -g npm)`
    )
  }
  return run
}

/**
 * Of all the install scripts only that of the package `node` is run: it puts the binary in its
 * place. better-sqlite3 has its binaries in its package, and would ask for a compiler.
 */
function installNode24(npm) {
  npm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'])
  if (spawnSync(NODE_24, ['--version']).status === 0) return
  throw new Obstacle(
    `The Node 24 of the npm package "node" does not run here (${process.platform} ${process.arch}): see docs/self-hosting.md`
  )
}

function explainNpm(output) {
  const causes = [
    [/ENOSPC/, 'The disk is full'],
    [/EACCES|EPERM/, `npm may not write in ${ROOT}: check who owns the folder`],
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH/,
      'The npm registry cannot be reached: check the network, or the proxy and registry of npm',
    ],
    [
      /SELF_SIGNED|UNABLE_TO_VERIFY|CERT_/,
      'npm does not trust the registry’s certificate: set "cafile" in ~/.npmrc',
    ],
    [
      /EINTEGRITY/,
      'A downloaded package is not the one expected: run "npm cache clean --force" and try again',
    ],
    [/in sync|EUSAGE/, 'package.json and package-lock.json do not agree: take both from the same version'],
  ]
  const cause = causes.find(([pattern]) => pattern.test(output))?.[1] ?? 'npm ci failed'
  const said = output
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('complete log'))
    .slice(0, 4)
  return `${cause}\n  ${said.join('\n  ')}`
}
