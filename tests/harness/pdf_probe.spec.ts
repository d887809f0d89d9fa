import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { test } from '@japa/runner'
import puppeteer from 'puppeteer-core'
import { composeLetter } from '#letters/compose_letter'
import type { LetterContent } from '#letters/letter_content'
import { LetterMerge } from '#letters/pdf/merge'
import { printBatch } from '#letters/rendering/batch'
import { locate } from '#letters/rendering/chromium'
import { printedDocument } from '#letters/rendering/document'
import { raw } from '#letters/rendering/markup'
import { closePrinter, renderPdf } from '#letters/rendering/printer'
import { PrintFailed, SealedBrowser } from '#letters/rendering/sealed_browser'
import { SAMPLE_FACTS } from '#letters/templates/sample'
import { startOf } from '#letters/templates/starts'
import { inspectPdf, letterContent } from '#tests/fixtures/letters'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

const SECRET = 'canary-file-content-7f3a'

/** Only a resolver can tell that it is nobody's (RFC 2606). */
const NAME = 'canary-dns-7f3a.invalid'

/** Listens on IPv4 and IPv6 loopback and keeps every path asked for, upgrades included. */
class Canaries {
  readonly hits: string[] = []
  secretFile = ''
  port = 0
  hasIpv6 = false
  #folder = ''
  #servers: Server[] = []

  async start() {
    this.#folder = await mkdtemp(join(tmpdir(), 'amiable-canary-'))
    this.secretFile = join(this.#folder, 'secret.html')
    await writeFile(this.secretFile, `<p>${SECRET}</p>`)
    this.port = await this.#listen('127.0.0.1', 0)
    this.hasIpv6 = await this.#listen('::1', this.port).then(
      () => true,
      () => false
    )
  }

  async stop() {
    for (const server of this.#servers) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
    await rm(this.#folder, { recursive: true })
  }

  /** Late requests are still on their way when a print is done. */
  async settled() {
    await sleep(400)
    return this.hits
  }

  path(name: string) {
    return join(this.#folder, name)
  }

  async #listen(host: string, port: number): Promise<number> {
    const server = createServer((request, response) => {
      this.hits.push(request.url!)
      response.writeHead(204).end()
    })
    server.on('upgrade', (request, socket) => {
      this.hits.push(request.url!)
      socket.destroy()
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
    this.#servers.push(server)
    return (server.address() as AddressInfo).port
  }
}

/** Every way known to make a document fetch something, each under a path that names it. */
function vectors({ port, secretFile }: Canaries): string[] {
  const hosts = [`127.0.0.1:${port}`, `[::1]:${port}`, `localhost:${port}`, `probe.localhost:${port}`, NAME]
  const file = pathToFileURL(secretFile).href
  const each = hosts.flatMap((host, index) => {
    const url = (name: string) => `http://${host}/${name}-${index}`
    return [
      `<img src="${url('img')}">`,
      `<img srcset="${url('srcset')} 1x">`,
      `<picture><source srcset="${url('source')}"><img></picture>`,
      `<link rel="stylesheet" href="${url('stylesheet')}">`,
      `<link rel="prefetch" href="${url('prefetch')}">`,
      `<link rel="preload" as="image" href="${url('preload')}">`,
      `<link rel="preconnect" href="${url('preconnect')}">`,
      `<link rel="dns-prefetch" href="${url('dns')}">`,
      `<link rel="icon" href="${url('icon')}">`,
      `<link rel="manifest" href="${url('manifest')}">`,
      `<style>@import url("${url('import')}"); @font-face { font-family: X; src: url("${url('font')}") }</style>`,
      `<p style="font-family: X; background: url(${url('background')}); mask: url(${url('mask')}); cursor: url(${url('cursor')}), auto">x</p>`,
      `<p style="content: url(${url('content')}); border-image: url(${url('border')}) 1; list-style: url(${url('list')})">x</p>`,
      `<iframe src="${url('iframe')}"></iframe>`,
      `<iframe srcdoc="<img src='${url('srcdoc')}'>"></iframe>`,
      `<object data="${url('object')}"></object><embed src="${url('embed')}">`,
      `<video src="${url('video')}" poster="${url('poster')}" autoplay></video><audio src="${url('audio')}" autoplay></audio>`,
      `<video><track default src="${url('track')}"></video>`,
      `<input type="image" src="${url('input')}"><table background="${url('table')}"><tr><td>x</td></tr></table>`,
      `<svg><image href="${url('svg')}"/><use href="${url('use')}#x"/><filter id="f"><feImage href="${url('fe')}"/></filter></svg>`,
      `<script src="${url('script')}"></script>`,
      `<script>fetch("${url('fetch')}"); new Image().src = "${url('image')}"; navigator.sendBeacon("${url('beacon')}"); new WebSocket("ws://${host}/ws-${index}"); new EventSource("${url('events')}")</script>`,
      `<img src="x" onerror="fetch('${url('handler')}')">`,
      `<meta http-equiv="refresh" content="0;url=${url('refresh')}">`,
      `<form action="${url('form')}"><button autofocus onfocus="this.form.submit()">x</button></form>`,
    ]
  })
  return [
    ...each,
    `<iframe src="${file}"></iframe><object data="${file}"></object><embed src="${file}">`,
    `<link rel="stylesheet" href="${file}"><img src="${file}">`,
  ]
}

/** The same content with a canary after every text in it that a person could have typed; dates and bank numbers are checked where they are typed. */
function poisoned(content: LetterContent, canary: string): LetterContent {
  const fixed = new Set(['kind', 'personalCode', 'regime', 'country', 'iban', 'bic', 'reference'])
  const walk = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, name))
    if (value && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, key)]))
    }
    return typeof value === 'string' && !fixed.has(name) && !/On$/.test(name) ? `${value} ${canary}` : value
  }
  return walk(content, '') as LetterContent
}

/** A browser that refuses to print leaks nothing either. */
function onlyRefused(error: unknown) {
  if (!(error instanceof PrintFailed)) throw error
}

/** The text of what was printed; null when the browser refused to print it, which leaks nothing either. */
async function textOrRefusal(document: string): Promise<string | null> {
  try {
    const bytes = await renderPdf(document)
    return execFileSync('pdftotext', ['-', '-'], { input: bytes, encoding: 'utf8' })
  } catch (error) {
    if (error instanceof PrintFailed) return null
    throw error
  }
}

/** Of browsers started meanwhile, the names that they had looked up, by their own journals of the network. */
async function namesLookedUp(canaries: Canaries, work: () => Promise<void>): Promise<string[]> {
  const journals: string[] = []
  const launch = puppeteer.launch.bind(puppeteer)
  puppeteer.launch = (options) => {
    const journal = canaries.path(`network-${journals.length}.json`)
    journals.push(journal)
    return launch({ ...options, args: [...(options?.args ?? []), `--log-net-log=${journal}`] })
  }
  try {
    await work()
  } finally {
    puppeteer.launch = launch
  }
  return (await Promise.all(journals.map(namesIn))).flat()
}

/** An event is a line; of a browser that was killed the last one is cut. */
async function namesIn(journal: string): Promise<string[]> {
  const [head, events] = (await readFile(journal, 'utf8')).split('"events": [\n') as [string, string]
  const lookUp = /"HOST_RESOLVER_MANAGER_JOB":(\d+)/.exec(head)![1]
  return events
    .split('\n')
    .filter((line) => line.includes(`"type":${lookUp}}`))
    .flatMap((line) => /"host":"([^"]+)"/.exec(line)?.[1] ?? [])
}

test.group('bar 18: PDF probe', (group) => {
  let canaries: Canaries

  group.each.setup(async () => {
    canaries = new Canaries()
    await canaries.start()
    return () => canaries.stop()
  })
  group.teardown(() => closePrinter())

  test('a canary in every field that reaches a letter is text and asks for nothing', async ({ assert }) => {
    const kinds = vectors(canaries).filter((vector) => /-0\b|file:/.test(vector))
    const composed = kinds.map((vector, index) =>
      composeLetter(poisoned(letterContent(index, 2), vector.slice(0, 150)))
    )
    const printed = await printBatch(composed)
    const merge = new LetterMerge({ title: 'probe', createdAt: 'D:20261116080000Z', duplex: false })
    const parts = printed.map((letter) => {
      if (!letter.ok) throw letter.error
      return merge.add(letter.bytes, 'x')
    })
    const { text } = await inspectPdf(Buffer.concat([...parts, merge.end()]))
    assert.include(text.replaceAll(' ', ''), '<imgsrc="http://127.0.0.1')
    assert.notInclude(text, SECRET)
    assert.deepEqual(await canaries.settled(), [])
  }).skip(...WITHOUT_PDF_READERS)

  test('a canary in the words of a template, and in every field they name, asks for nothing', async ({
    assert,
  }) => {
    const start = startOf('letter', 'fr')
    const kinds = vectors(canaries).filter((vector) => /-0\b|file:/.test(vector))
    const composed = kinds.map((vector, index) =>
      composeLetter(poisoned(letterContent(index, 2), vector.slice(0, 150)), {
        versionId: null,
        text: {
          channel: 'letter',
          language: 'fr',
          audience: 'any',
          subject: `${start.subject} ${vector.slice(0, 60)}`,
          body: `${start.body}<p>${vector}</p><p>#debtor_name #creditor_name</p>`,
        },
        facts: SAMPLE_FACTS,
        logo: null,
      })
    )
    const printed = await printBatch(composed)
    const texts = await Promise.all(
      printed.map(async (letter) => {
        if (!letter.ok) throw letter.error
        return (await inspectPdf(letter.bytes)).text
      })
    )
    assert.isAbove(texts.length, 20)
    assert.notInclude(texts.join(), SECRET)
    assert.deepEqual(await canaries.settled(), [])
  }).skip(...WITHOUT_PDF_READERS)

  test('markup that nobody escaped meets the walls of the document', async ({ assert }) => {
    const printed: string[] = []
    for (const vector of vectors(canaries)) {
      const text = await textOrRefusal(printedDocument({ title: 'x', lang: 'fr', body: raw(vector) }))
      if (text !== null) printed.push(text)
    }
    assert.isAbove(printed.length, 90)
    assert.notInclude(printed.join(), SECRET)
    assert.deepEqual(await canaries.settled(), [])
  }).skip(...WITHOUT_PDF_READERS)

  test('without the policy of the document, the walls of the browser hold alone', async ({ assert }) => {
    const printed: string[] = []
    for (const vector of vectors(canaries)) {
      const text = await textOrRefusal(`<!doctype html><html><body>${vector}</body></html>`)
      if (text !== null) printed.push(text)
    }
    assert.isAbove(printed.length, 90)
    assert.notInclude(printed.join(), SECRET)
    assert.deepEqual(await canaries.settled(), [])
  }).skip(...WITHOUT_PDF_READERS)

  test('control: an ordinary browser leaks by HTTP, WebSocket, IPv6, names and files', async ({ assert }) => {
    const { path, environment } = await locate()
    const browser = await puppeteer.launch({
      executablePath: path,
      headless: 'shell',
      env: { ...process.env, ...environment },
      args:
        process.getuid?.() === 0
          ? ['--no-sandbox', '--allow-file-access-from-files']
          : ['--allow-file-access-from-files'],
    })
    const hostile = canaries.path('hostile.html')
    const harmless = vectors(canaries).filter(
      (vector) => !vector.includes('refresh') && !vector.includes('<form')
    )
    await writeFile(hostile, `<!doctype html><html><body>${harmless.join('\n')}</body></html>`)
    const page = await browser.newPage()
    await page.goto(pathToFileURL(hostile).href, { waitUntil: 'load' })
    const { text } = await inspectPdf(await page.pdf())
    const hits = await canaries.settled()
    await browser.close()

    assert.include(text, SECRET)
    assert.isAbove(new Set(hits).size, 40)
    for (const name of [
      '/img-0',
      '/fetch-0',
      '/ws-0',
      '/prefetch-0',
      '/iframe-0',
      '/font-0',
      '/img-2',
      '/img-3',
    ]) {
      assert.include(hits, name)
    }
    if (canaries.hasIpv6) assert.include(hits, '/img-1')
  }).skip(...WITHOUT_PDF_READERS)

  test('no name is looked up, with the policy of the document or without', async ({ assert }) => {
    const named = vectors(canaries).filter((vector) => vector.includes(NAME))
    const asked = await namesLookedUp(canaries, async () => {
      const browser = new SealedBrowser()
      for (const vector of named) {
        await browser.print(printedDocument({ title: 'x', lang: 'fr', body: raw(vector) })).catch(onlyRefused)
        await browser.print(`<!doctype html><html><body>${vector}</body></html>`).catch(onlyRefused)
      }
      await browser.close()
    })
    assert.isAbove(named.length, 20)
    assert.deepEqual(asked, [])
  })

  test('control: an ordinary browser looks it up', async ({ assert }) => {
    const [prefetch] = vectors(canaries).filter(
      (vector) => vector.includes('dns-prefetch') && vector.includes(NAME)
    )
    const asked = await namesLookedUp(canaries, async () => {
      const { path, environment } = await locate()
      const browser = await puppeteer.launch({
        executablePath: path,
        headless: 'shell',
        env: { ...process.env, ...environment },
        args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
      })
      const page = await browser.newPage()
      await page.setContent(
        `<!doctype html><html><head>${prefetch}</head><body><img src="http://${NAME}/x"></body></html>`
      )
      await browser.close()
    })
    assert.isTrue(
      asked.some((host) => host.includes(NAME)),
      asked.join()
    )
  })
})
