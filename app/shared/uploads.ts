import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { IncomingMessage } from 'node:http'
import { MultipartFile } from '@adonisjs/core/bodyparser'
import { Exception } from '@adonisjs/core/exceptions'
import { honestExtension, mediaTypeOf } from '#shared/media_type'

/** What one upload route takes. `maxBytes` is the whole body, fields included. */
export type UploadLimits = { maxBytes: number; maxFiles: number }

export const MEGABYTE = 1024 * 1024

/** Bytes of uploads held in memory at once by this process; beyond, senders are asked to come back. */
const MAX_BYTES_IN_FLIGHT = 128 * MEGABYTE
const MAX_FIELDS = 200
const MAX_FIELD_BYTES = 256 * 1024

let bytesInFlight = 0

export class UploadRefused extends Exception {
  static override code = 'E_UPLOAD_REFUSED'
}

type Upload = {
  fields: Record<string, string | string[] | null>
  /** A list under a name written `name[]` or sent twice, else the file itself, as forms without files do. */
  files: Record<string, MultipartFile | MultipartFile[]>
  /** Deletes the temporary copies. */
  discard(): Promise<void>
}

/**
 * Reads a multipart body whole, within limits, with the platform's own parser:
 * the framework's ends the process on a file field named `toString`. Files land
 * in a temporary folder, to be moved or read before the response.
 *
 * @throws {UploadRefused} 413 too large, 422 malformed or with a hostile field name, 503 too many at once
 */
export async function readUpload(request: IncomingMessage, limits: UploadLimits): Promise<Upload> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limits.maxBytes) throw tooLarge(limits)
  const body = await readWithin(request, limits)
  try {
    return await store(await parse(request, body), limits)
  } finally {
    bytesInFlight -= body.byteLength
  }
}

async function readWithin(request: IncomingMessage, limits: UploadLimits): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.byteLength
      bytesInFlight += chunk.byteLength
      if (size > limits.maxBytes) throw tooLarge(limits)
      if (bytesInFlight > MAX_BYTES_IN_FLIGHT)
        throw new UploadRefused('Too many uploads at once', { status: 503 })
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    bytesInFlight -= size
    throw error
  }
}

async function parse(request: IncomingMessage, body: Buffer<ArrayBuffer>): Promise<FormData> {
  try {
    const headers = { 'content-type': request.headers['content-type'] ?? '' }
    return await new Response(body, { headers }).formData()
  } catch {
    throw new UploadRefused('The form could not be read', { status: 422 })
  }
}

async function store(form: FormData, limits: UploadLimits): Promise<Upload> {
  const entries = [...form.entries()]
  const sent = entries.filter((entry): entry is [string, File] => isSentFile(entry[1]))
  for (const [name] of entries) checkName(name)
  if (sent.length > limits.maxFiles) {
    throw new UploadRefused(`At most ${limits.maxFiles} file(s) at a time`, { status: 422 })
  }
  const fields = fieldsOf(entries)

  const folder = await mkdtemp(join(tmpdir(), 'amiable-upload-'))
  const discard = () => rm(folder, { recursive: true, force: true })
  try {
    const files: Upload['files'] = Object.create(null)
    for (const [index, [name, file]] of sent.entries()) {
      const key = plainName(name)
      const stored = await storedFile(key, file, join(folder, String(index)))
      const before = files[key]
      files[key] = before || name.endsWith('[]') ? [...[before ?? []].flat(), stored] : stored
    }
    return { fields, files, discard }
  } catch (error) {
    await discard()
    throw error
  }
}

/** A browser sends an empty, nameless file for a file field left empty. */
const isSentFile = (value: File | string): value is File =>
  typeof value !== 'string' && (value.size > 0 || value.name !== '')

function fieldsOf(entries: [string, File | string][]): Upload['fields'] {
  const fields: Upload['fields'] = Object.create(null)
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  if (texts.length > MAX_FIELDS) throw new UploadRefused('Too many fields', { status: 413 })
  for (const [name, text] of texts) {
    if (Buffer.byteLength(text) > MAX_FIELD_BYTES)
      throw new UploadRefused('A field is too long', { status: 413 })
    const key = plainName(name)
    const before = fields[key]
    if (before === undefined) fields[key] = name.endsWith('[]') ? [text] : text || null
    else fields[key] = [...[before ?? ''].flat(), text]
  }
  return fields
}

const FIELD_NAME = /^[a-z_][a-z0-9_]{0,63}(\[\])?$/i
const plainName = (name: string) => name.replace(/\[\]$/, '')

/**
 * Our forms' names are plain words. Anything else, and any word that every
 * object answers to (`constructor`, `toString`, `__proto__`), is refused.
 */
function checkName(name: string) {
  if (!FIELD_NAME.test(name) || plainName(name) in Object.prototype) {
    throw new UploadRefused('A field has a name that no form here uses', { status: 422 })
  }
}

async function storedFile(fieldName: string, sent: File, path: string): Promise<MultipartFile> {
  const bytes = Buffer.from(await sent.arrayBuffer())
  const clientName = safeName(sent.name)
  await writeFile(path, bytes, { flag: 'wx', mode: 0o600 })
  const file = new MultipartFile({ fieldName, clientName, headers: {} }, {})
  const [type, subtype] = (mediaTypeOf(bytes) ?? 'application/octet-stream').split('/')
  return Object.assign(file, {
    size: bytes.byteLength,
    extname: honestExtension(clientName, bytes) ?? 'unknown',
    type,
    subtype,
    tmpPath: path,
    state: 'consumed',
  })
}

/** The last part of the name, without anything that could act on a path, a header or a terminal. */
function safeName(name: string): string {
  const last = basename(name.replaceAll('\\', '/'))
  return last.replace(/[\p{C}"<>|:*?]/gu, '').slice(-120) || 'file'
}

const tooLarge = (limits: UploadLimits) =>
  new UploadRefused(`At most ${Math.floor(limits.maxBytes / MEGABYTE)} MB`, { status: 413 })
