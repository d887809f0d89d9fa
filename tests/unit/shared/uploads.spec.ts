import { test } from '@japa/runner'
import { once } from 'node:events'
import { access, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readUpload, type UploadLimits } from '#shared/uploads'

type Answer = { status: number; body: string }

const LIMITS: UploadLimits = { maxBytes: 20_000, maxFiles: 2 }
const PDF = Buffer.from('%PDF-1.7 a real beginning')

/** A server that reads one upload per request and says what it understood. */
async function withServer(
  work: (send: (body: RequestInit['body'], type?: string) => Promise<Answer>) => Promise<void>
) {
  const server = createServer(async (request, response) => {
    try {
      const { fields, files, discard } = await readUpload(request, LIMITS)
      const told = []
      for (const file of Object.values(files).flat()) {
        const { fieldName, clientName, extname, size, type, subtype, tmpPath } = file
        const kept = (await readFile(tmpPath!)).byteLength
        told.push({ fieldName, clientName, extname, size, type: `${type}/${subtype}`, kept, tmpPath })
      }
      await discard()
      response.end(JSON.stringify({ fields, files: told }))
    } catch (error) {
      response.writeHead((error as { status?: number }).status ?? 500, { connection: 'close' })
      response.end((error as Error).message)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    await work(async (body, type) => {
      const headers = type ? { 'content-type': type } : undefined
      const init = { method: 'POST', body, headers, duplex: 'half' as const }
      const answer = await fetch(`http://127.0.0.1:${port}/`, init)
      return { status: answer.status, body: await answer.text() }
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function form(parts: [name: string, value: string | File][]) {
  const data = new FormData()
  for (const [name, value] of parts) data.append(name, value)
  return data
}

const file = (name: string, content: Buffer | string = PDF) =>
  new File([typeof content === 'string' ? content : new Uint8Array(content)], name)

test.group('uploads', () => {
  test('fields and files come through, and the temporary copies are gone afterwards', async ({ assert }) => {
    await withServer(async (send) => {
      const answer = await send(
        form([
          ['_csrf', 'a token'],
          ['note', 'é à €'],
          ['empty', ''],
          ['tags[]', 'one'],
          ['tags[]', 'two'],
          ['document', file('facture.pdf')],
        ])
      )
      assert.equal(answer.status, 200)
      const { fields, files } = JSON.parse(answer.body)
      assert.deepEqual(fields, { _csrf: 'a token', note: 'é à €', empty: null, tags: ['one', 'two'] })
      assert.containsSubset(files, [
        {
          fieldName: 'document',
          clientName: 'facture.pdf',
          extname: 'pdf',
          type: 'application/pdf',
          kept: PDF.length,
        },
      ])
      await assert.rejects(() => access(files[0].tmpPath))
    })
  })

  test('a file field left empty is no file', async ({ assert }) => {
    await withServer(async (send) => {
      const answer = await send(form([['document', file('', '')]]))
      assert.deepEqual(JSON.parse(answer.body), { fields: { document: null }, files: [] })
    })
  })

  test('the name of a file cannot act on a path, a header or a terminal', async ({ assert }) => {
    await withServer(async (send) => {
      const answer = await send(form([['document', file('../../etc/\u001b[31mpass\u202ewd".pdf')]]))
      assert.equal(JSON.parse(answer.body).files[0].clientName, '[31mpasswd.pdf')
    })
  })

  test('the extension counts only when the content bears it out')
    .with([
      { name: 'a.pdf', content: PDF, extname: 'pdf' },
      { name: 'a.PDF', content: PDF, extname: 'pdf' },
      { name: 'a.pdf', content: 'MZ not a PDF', extname: 'unknown' },
      { name: 'a.csv', content: PDF, extname: 'unknown' },
      { name: 'a.csv', content: 'nom;montant\n', extname: 'csv' },
      { name: 'a.xlsx', content: 'PK\u0003\u0004…', extname: 'xlsx' },
      { name: 'a.jpg', content: 'PK\u0003\u0004…', extname: 'unknown' },
      { name: 'a', content: 'text', extname: '' },
    ])
    .run(async ({ assert }, { name, content, extname }) => {
      await withServer(async (send) => {
        const answer = await send(form([['document', file(name, content)]]))
        assert.equal(JSON.parse(answer.body).files[0].extname, extname)
      })
    })

  test('a hostile field name is refused, on a file and on a field: {$self}')
    .with([
      'toString',
      'constructor',
      '__proto__',
      'hasOwnProperty',
      'valueOf',
      '__defineGetter__',
      'toString[]',
      'constructor[prototype]',
      'a.__proto__',
      'list[999999999]',
      'a b',
      '',
      'x'.repeat(65),
    ])
    .run(async ({ assert }, name) => {
      await withServer(async (send) => {
        assert.equal((await send(form([[name, file('a.pdf')]]))).status, 422)
        assert.equal((await send(form([[name, 'text']]))).status, 422)
      })
    })

  test('too many bytes, announced or not, is 413', async ({ assert }) => {
    await withServer(async (send) => {
      const large = file('a.csv', 'x'.repeat(30_000))
      assert.equal((await send(form([['document', large]]))).status, 413)

      const unannounced = new Response(form([['document', large]]))
      const type = unannounced.headers.get('content-type')!
      assert.equal((await send(unannounced.body!, type)).status, 413)
    })
  })

  test('too many files, a truncated body and a body without boundary are 422', async ({ assert }) => {
    await withServer(async (send) => {
      const three = form([1, 2, 3].map((number) => ['document', file(`${number}.pdf`)]))
      assert.equal((await send(three)).status, 422)
      assert.equal((await send('nothing like a form', 'multipart/form-data')).status, 422)
      const boundary = '-'.repeat(30)
      const truncated = `--${boundary}\r\ncontent-disposition: form-data; name="a"\r\n\r\nunfinished`
      assert.equal((await send(truncated, `multipart/form-data; boundary=${boundary}`)).status, 422)
    })
  })
})
