import { randomUUID } from 'node:crypto'
import { access, constants, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '#shared/files'
import type { PostalOrder, PostalProvider } from '#registered_mail/providers/provider'
import type { Outcome } from '#deliveries/drivers/driver'

/**
 * A folder that a printer watches, or that is carried to it by SFTP: for each letter
 * `<reference>.pdf`, then `<reference>.json`, which says what to do with it. Each gets its name
 * when it is whole, and the manifest comes last: what has one is complete. A letter is given once,
 * by its reference, whatever the printer does with the files.
 */
export function folderProvider(folder: string): PostalProvider {
  return {
    name: 'folder',
    kinds: ['simple', 'lrar'],
    keyed: true,
    submit: (order, mayLeave) => submit(folder, order, mayLeave),
    ask: async () => [],
    fetchProof: async () => null,
    test: () => tryFolder(folder),
  }
}

/** What was given, since a printer takes the files themselves away. */
const TAKEN = '.taken'

const SAFE_NAME = /^[\w-]{1,80}$/

async function submit(folder: string, order: PostalOrder, mayLeave: () => boolean): Promise<Outcome> {
  const { reference } = order
  if (!SAFE_NAME.test(reference)) return { kind: 'permanent', reason: `unsafe reference ${reference}` }
  const manifest = Buffer.from(`${JSON.stringify(manifestOf(order), null, 2)}\n`)
  const taken = join(folder, TAKEN, `${reference}.json`)
  try {
    await mkdir(join(folder, TAKEN), { recursive: true })
    const before = await readIfThere(taken)
    if (before) {
      return before.equals(manifest)
        ? { kind: 'sent', providerRef: reference }
        : { kind: 'permanent', reason: `${reference} was already given to the printer with another content` }
    }
    if (!mayLeave()) return { kind: 'withheld' }
    await writeWhole(join(folder, `${reference}.pdf`), order.pdf)
    await writeWhole(join(folder, `${reference}.json`), manifest)
    await writeWhole(taken, manifest)
    return { kind: 'sent', providerRef: reference }
  } catch (error) {
    return { kind: 'unreachable', reason: reasonOf(error, folder) }
  }
}

const manifestOf = (order: PostalOrder) => ({
  key: order.key,
  reference: order.reference,
  kind: order.kind,
  file: `${order.reference}.pdf`,
  sha256: sha256(order.pdf),
  pages: order.pages,
  recipient: order.recipient,
  sender: order.sender,
  options: order.options,
})

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Complete and flushed under another name first: a printer that looks never sees half a letter. */
async function writeWhole(path: string, bytes: Uint8Array) {
  const draft = `${path}.${randomUUID()}.part`
  const file = await open(draft, 'wx')
  try {
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function tryFolder(folder: string) {
  try {
    await mkdir(folder, { recursive: true })
    if (!(await stat(folder)).isDirectory()) return { ok: false as const, reason: `${folder} is no folder` }
    await access(folder, constants.W_OK)
    return { ok: true as const, account: folder }
  } catch (error) {
    return { ok: false as const, reason: reasonOf(error, folder) }
  }
}

const reasonOf = (error: unknown, folder: string) =>
  `${folder}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`
