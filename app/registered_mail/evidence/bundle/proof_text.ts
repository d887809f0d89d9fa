import type { Inclusion } from '#registered_mail/evidence/anchors'

/** `anchor/proof.txt`: one `name: value` a line, read by a shell as well as by us. */
export function proofText({ ref, seq, head, index, size, path }: Inclusion, previous: string): string {
  const lines = [
    `ref: ${ref}`,
    `seq: ${seq}`,
    `head: ${head}`,
    `previous: ${previous}`,
    `index: ${index}`,
    `size: ${size}`,
    ...path.map((hash) => `node: ${hash}`),
  ]
  return `${lines.join('\n')}\n`
}

const LINE = /^(ref|seq|head|previous|index|size|node): (\S+)$/
const HASH = /^[0-9a-f]{64}$/
const MOST_NODES = 64

/** @returns null when it is not such a text */
export function readProof(text: string): (Inclusion & { previous: string }) | null {
  const found: Record<string, string[]> = Object.create(null)
  for (const line of text.split('\n').slice(0, -1)) {
    const [, name, value] = LINE.exec(line) ?? []
    if (!name || !value) return null
    ;(found[name] ??= []).push(value)
  }
  const one = (name: string) => (found[name]?.length === 1 ? found[name][0]! : '')
  const path = found.node ?? []
  const [seq, index, size] = ['seq', 'index', 'size'].map((name) =>
    /^\d{1,9}$/.test(one(name)) ? Number(one(name)) : -1
  ) as [number, number, number]
  const hashes = [one('head'), one('previous'), ...path]
  if (!one('ref') || seq < 1 || index < 1 || size <= index || path.length > MOST_NODES) return null
  if (!hashes.every((hash) => HASH.test(hash)) || !text.endsWith('\n')) return null
  return { ref: one('ref'), seq, head: one('head'), previous: one('previous'), index, size, path }
}
