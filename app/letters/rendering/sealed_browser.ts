import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'puppeteer-core'
import { launchChromium, type ChromiumDescription } from '#letters/rendering/chromium'

/** A page asking for more is broken or hostile: the whole browser is ended. */
const PRINT_TIMEOUT_MS = 60_000
const MEMORY_LIMIT_MB = 900
const MEMORY_CHECK_MS = 500

/** A process that has just ended, or a system without /proc: nothing to count. */
const ENDED_OR_ELSEWHERE = new Set(['ENOENT', 'ESRCH', 'EACCES'])

/** Chromium keeps what it has laid out; a fresh process is the only cure. */
const PRINTS_PER_BROWSER = 60

export class PrintFailed extends Error {
  override name = 'PrintFailed'
}

/**
 * One browser process that turns documents into PDF, one at a time, and is
 * replaced when it has worked enough, grown too much, hung or crashed.
 */
export class SealedBrowser {
  #browser: Browser | null = null
  #page: Page | null = null
  #prints = 0

  constructor(private readonly chosen?: ChromiumDescription['source']) {}

  /**
   * Prints a whole HTML document, tagged, at the size its own CSS asks for.
   *
   * @throws PrintFailed when it takes too long or too much memory
   */
  async print(document: string): Promise<Uint8Array> {
    const page = await this.#freshPage()
    const bounds = new AbortController()
    try {
      const bytes = await Promise.race([
        this.#draw(page, document),
        this.#watchTime(bounds.signal),
        this.#watchMemory(bounds.signal),
      ])
      this.#prints += 1
      return bytes
    } catch (error) {
      await this.kill()
      if (error instanceof PrintFailed) throw error
      throw new PrintFailed(`the browser failed: ${(error as Error).message}`, { cause: error })
    } finally {
      bounds.abort()
    }
  }

  async close() {
    const browser = this.#forget()
    await browser?.close()
  }

  /** Ends the process at once, without its consent. */
  async kill() {
    const process = this.#forget()?.process()
    if (!process || process.exitCode !== null) return
    const ended = new Promise((resolve) => process.once('exit', resolve))
    process.kill('SIGKILL')
    await ended
  }

  /** Resident memory of the browser and its children in MB; 0 where /proc does not tell. */
  async memoryMb(): Promise<number> {
    const pid = this.#browser?.process()?.pid
    return pid ? residentMb(pid) : 0
  }

  async #draw(page: Page, document: string) {
    await page.setContent(document, { waitUntil: 'load' })
    return page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, timeout: 0 })
  }

  async #freshPage(): Promise<Page> {
    if (this.#prints >= PRINTS_PER_BROWSER || this.#browser?.connected === false) await this.close()
    if (this.#page) return this.#page
    this.#browser = await launchChromium(this.chosen)
    this.#page = await this.#browser.newPage()
    await this.#page.setJavaScriptEnabled(false)
    await this.#page.setOfflineMode(true)
    this.#page.setDefaultTimeout(0)
    return this.#page
  }

  async #watchTime(signal: AbortSignal): Promise<never> {
    await sleep(PRINT_TIMEOUT_MS, undefined, { signal })
    throw new PrintFailed(`printing took more than ${PRINT_TIMEOUT_MS / 1000} s`)
  }

  async #watchMemory(signal: AbortSignal): Promise<never> {
    for (;;) {
      await sleep(MEMORY_CHECK_MS, undefined, { signal })
      if ((await this.memoryMb()) > MEMORY_LIMIT_MB) {
        throw new PrintFailed(`printing took more than ${MEMORY_LIMIT_MB} MB`)
      }
    }
  }

  #forget() {
    const browser = this.#browser
    this.#browser = null
    this.#page = null
    this.#prints = 0
    return browser
  }
}

/** Proportional size, so that what the processes share counts once. */
async function residentMb(pid: number): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
    const own = Number(/^Pss:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
    const theirs = await Promise.all((await childrenOf(pid)).map(residentMb))
    return theirs.reduce((total, part) => total + part, own)
  } catch (error) {
    if (ENDED_OR_ELSEWHERE.has((error as { code?: string }).code ?? '')) return 0
    throw error
  }
}

/** Any thread of a process may have started a child. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`)
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''))
  )
  return lists.flatMap((list) => list.trim().split(/\s+/).filter(Boolean).map(Number))
}
