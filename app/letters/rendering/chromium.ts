import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'puppeteer-core'
import env from '#start/env'
import { bundledChromium } from '#letters/rendering/bundled_chromium'

const run = promisify(execFile)

/** The first Chromium that draws the margin boxes of `@page`, where references and page numbers are. */
const OLDEST_MAJOR = 131

const COMMANDS = [
  'chrome-headless-shell',
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
]

const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

export interface ChromiumDescription {
  /** `configured`: CHROMIUM_PATH; `installed`: found on this machine; `bundled`: from the npm package. */
  source: 'configured' | 'installed' | 'bundled'
  path: string
  /** As the program says it: `Chromium 156.0.8078.79`. */
  version: string
  /** False when running as root, where Chromium cannot build its own sandbox. */
  sandboxed: boolean
}

export interface Chromium extends ChromiumDescription {
  /** What the bundled one needs to find its libraries and fonts. */
  environment: Record<string, string>
}

export class ChromiumUnavailable extends Error {
  override name = 'ChromiumUnavailable'
}

let found: Promise<Chromium> | null = null

/**
 * Which Chromium writes the PDFs: CHROMIUM_PATH, else an installed Chrome or
 * Chromium recent enough, else the one of `@sparticuz/chromium`.
 *
 * @throws ChromiumUnavailable saying what to do
 */
export async function describeChromium(): Promise<ChromiumDescription> {
  const { source, path, version, sandboxed } = await locate()
  return { source, path, version, sandboxed }
}

/**
 * Starts a browser that can reach nothing: names do not resolve, every
 * connection goes to a dead proxy (loopback too), and it is driven through a
 * pipe, not a port. Documents add their own walls (see `sealed_browser`).
 *
 * @throws ChromiumUnavailable saying what to do
 */
export async function launchChromium(chosen?: ChromiumDescription['source']): Promise<Browser> {
  const chromium = chosen === 'bundled' ? await bundled() : await locate()
  const { default: puppeteer } = await import('puppeteer-core')
  try {
    return await puppeteer.launch({
      executablePath: chromium.path,
      headless: 'shell',
      pipe: true,
      args: [...SEALS, ...FRUGAL, ...(chromium.sandboxed ? [] : ['--no-sandbox'])],
      env: { ...inherited(), ...chromium.environment },
      timeout: 30_000,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
  } catch (error) {
    throw new ChromiumUnavailable(explain(chromium, error as Error), { cause: error })
  }
}

const SEALS = [
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--proxy-server=http://127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--disable-webrtc',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-extensions',
]

const FRUGAL = ['--disable-gpu', '--font-render-hinting=none', '--mute-audio', '--renderer-process-limit=1']

/** The Chromium to run, with the environment it needs; browser tests drive it themselves. */
export function locate(): Promise<Chromium> {
  found ??= find().catch((error) => {
    found = null
    throw error
  })
  return found
}

async function find(): Promise<Chromium> {
  const configured = env.get('CHROMIUM_PATH')
  if (configured) {
    const version = await versionOf(configured, {})
    if (version) return { ...describe('configured', configured, version), environment: {} }
    throw new ChromiumUnavailable(
      `CHROMIUM_PATH names ${configured}, which does not answer --version as a Chromium ${OLDEST_MAJOR} or later. Correct it, or remove it to use the bundled one.`
    )
  }
  for (const path of candidates()) {
    if (!(await isExecutable(path))) continue
    const version = await versionOf(path, {})
    if (version) return { ...describe('installed', path, version), environment: {} }
  }
  return bundled()
}

async function bundled(): Promise<Chromium> {
  const { path, environment } = await bundledChromium()
  const version = await versionOf(path, environment)
  if (version) return { ...describe('bundled', path, version), environment }
  throw new ChromiumUnavailable(
    `The Chromium of @sparticuz/chromium, at ${path}, does not run on this machine (${process.platform} ${process.arch}). Install Google Chrome or Chromium, or name one in CHROMIUM_PATH.`
  )
}

/** Chromium refuses its sandbox to root; for anybody else it is never given up. */
const describe = (source: ChromiumDescription['source'], path: string, version: string) => ({
  source,
  path,
  version,
  sandboxed: process.getuid?.() !== 0,
})

/** A launcher that prints advice instead of a version, or a Chrome too old, is passed over. */
async function versionOf(path: string, environment: Record<string, string>): Promise<string | null> {
  try {
    const { stdout } = await run(path, ['--version'], {
      env: { ...process.env, ...environment },
      timeout: 10_000,
    })
    const major = /(?:Chrome|Chromium|HeadlessShell)\D*(\d+)\./i.exec(stdout)?.[1]
    return major && Number(major) >= OLDEST_MAJOR ? stdout.trim().split('\n')[0]!.trim() : null
  } catch {
    return null
  }
}

const candidates = () => [
  ...(process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => COMMANDS.map((command) => join(folder, command))),
  ...APPLICATIONS,
]

const isExecutable = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false
  )

/** The browser gets no secret of ours: only what a program needs to run. */
function inherited(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT', 'LANG', 'XDG_RUNTIME_DIR']
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  )
}

function explain(chromium: Chromium, error: Error): string {
  const sandbox = /sandbox|namespace|zygote/i.test(error.message)
  const advice = sandbox
    ? 'This machine forbids its sandbox: install Google Chrome from its package, or allow user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0).'
    : 'Install Google Chrome or Chromium, or name one in CHROMIUM_PATH.'
  return `${chromium.version} (${chromium.path}) does not start. ${advice} ${error.message.split('\n')[0]}`
}
