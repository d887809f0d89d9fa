import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright'
import { appUrl } from '#config/app'
import { bundledChromium } from '#letters/rendering/bundled_chromium'
import type User from '#users/models/user'

export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true }
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }

let launched: Promise<Browser> | null = null

/**
 * One browser for the whole run, the same on every machine: the headless shell that comes with
 * the packages, which also costs half of a whole Chromium. Each test opens a context of its own.
 */
export function openBrowser(): Promise<Browser> {
  launched ??= launch()
  return launched
}

export async function closeBrowser() {
  const browser = await launched
  launched = null
  await browser?.close()
}

async function launch() {
  const { path, environment } = await bundledChromium()
  return chromium.launch({
    executablePath: path,
    env: { ...process.env, ...environment } as Record<string, string>,
    // Chromium refuses its sandbox to root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
}

/**
 * A page at the product's address. `complaints` collects every script error and
 * every refusal of our own CSP: a journey ends by asserting that it is empty.
 */
export async function openPage(options: BrowserContextOptions = DESKTOP) {
  const browser = await openBrowser()
  const context = await browser.newContext({ locale: 'fr-FR', baseURL: appUrl, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (line) => {
    if (line.type() === 'error') complaints.push(`${line.text()} (${page.url()})`)
  })
  return { page, context, complaints, close: () => context.close() }
}

/** Signs in by the form, as the person would; fixtures' password unless another is given. */
export async function signInAs(page: Page, user: User, password = 'correct horse battery') {
  await page.goto('/sign-in')
  await page.fill('input[name="email"]', user.email)
  await page.fill('input[name="password"]', password)
  await Promise.all([
    page.waitForURL((url) => url.pathname !== '/sign-in'),
    page.click('main button[type="submit"]'),
  ])
}

/**
 * What an address gives to the person of this page. The page itself asks: Playwright, which is on the
 * tests' date, would write the session's cookie back as one that Chromium's date has passed.
 */
export function served(page: Page, address: string) {
  return page.evaluate(async (url) => {
    const response = await fetch(url)
    return { headers: Object.fromEntries(response.headers), text: await response.text() }
  }, address)
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type AxeReport = { violations: { id: string; help: string; nodes: { html: string }[] }[] }

/**
 * What axe finds against WCAG 2.2 AA and its best practices, one line each. It
 * runs beside the page, so CSP and a page without scripts do not matter.
 */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource)
  const { violations } = await page.evaluate<AxeReport>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`
  )
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} (${rule.help}): ${node.html}`))
}

export async function assertAccessible(page: Page) {
  assert.deepEqual(await axeFindings(page), [], `axe on ${page.url()}`)
}

/** Nothing is wider than the window, at that width. */
export async function assertNoHorizontalScroll(page: Page, width = 390) {
  const before = page.viewportSize()
  await page.setViewportSize({ width, height: 844 })
  const scrolls = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
  assert.ok(scrolls <= 0, `${page.url()} is wider than ${width} px`)
  if (before) await page.setViewportSize(before)
}
