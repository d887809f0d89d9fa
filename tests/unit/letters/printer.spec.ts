import { execFileSync } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { pageRule, printedDocument } from '#letters/rendering/document'
import { markup } from '#letters/rendering/markup'
import { describeChromium } from '#letters/rendering/chromium'
import { closePrinter, renderPdf } from '#letters/rendering/printer'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

const document = printedDocument({
  title: 'Quittance Q-2026-00001',
  lang: 'fr',
  css: pageRule('receipt', { left: 'Cabinet <Amiable> "x" · Žižka' }),
  body: markup`<main class="letter" style="page:receipt">
    <h1 class="letter-subject">Quittance de ${'1\u202f234,56\u00a0€'}</h1>
    <p class="letter-window"><span>ŁÓDŹ & FILS</span></p>
  </main>`,
})

async function probe(bytes: Uint8Array) {
  const path = join(await mkdtemp(join(tmpdir(), 'amiable-pdf-')), 'document.pdf')
  await writeFile(path, bytes)
  const run = (command: string, ...rest: string[]) => execFileSync(command, rest, { encoding: 'utf8' })
  return {
    check: run('qpdf', '--check', path),
    info: run('pdfinfo', path),
    text: run('pdftotext', '-layout', path, '-'),
    fonts: run('pdffonts', path).trim().split('\n').slice(2),
  }
}

test.group('printer', (group) => {
  group.teardown(() => closePrinter())

  test('a document becomes a tagged PDF with its title, its foot and only our fonts, embedded', async ({
    assert,
  }) => {
    const pdf = await probe(await renderPdf(document))
    assert.include(pdf.check, 'No syntax or stream encoding errors found')
    assert.match(pdf.info, /Tagged:\s+yes/)
    assert.match(pdf.info, /Title:\s+Quittance Q-2026-00001/)
    assert.match(pdf.info, /Page size:\s+59[45][.\d]* x 84[12][.\d]* pts \(A4\)/)
    assert.include(pdf.text.replaceAll('\u202f', ' '), 'Quittance de 1 234,56')
    assert.match(pdf.text, /Cabinet <Amiable> "x" · Žižka\s+page 1 \/ 1/)
    assert.isNotEmpty(pdf.fonts)
    for (const font of pdf.fonts) assert.match(font, /^[A-Z]{6}\+(SourceSerif4|Arimo)-\S+ .*\byes yes yes\b/)
  }).skip(...WITHOUT_PDF_READERS)

  test('many documents asked for at once all come, each its own', async ({ assert }) => {
    const printed = await Promise.all(
      Array.from({ length: 8 }, (_, index) => renderPdf(document.replace('FILS', `FILS ${index}`)))
    )
    for (const [index, bytes] of printed.entries()) {
      assert.include((await probe(bytes)).text, `ŁÓDŹ & FILS ${index}`)
    }
  }).skip(...WITHOUT_PDF_READERS)

  test('closed while it prints, it finishes the document and leaves no browser behind', async ({
    assert,
  }) => {
    await closePrinter()
    const printing = renderPdf(document)
    await closePrinter()
    assert.isAbove((await printing).length, 1000)
    assert.notInclude(process.getActiveResourcesInfo(), 'ProcessWrap')
  })

  test('the Chromium in use says what it is', async ({ assert }) => {
    const chromium = await describeChromium()
    assert.include(['configured', 'installed', 'bundled'], chromium.source)
    assert.match(chromium.version, /\d+\.\d+/)
    assert.equal(chromium.sandboxed, process.getuid?.() !== 0)
  })
})
