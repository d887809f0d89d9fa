import { createHash } from 'node:crypto'

/**
 * Our key as a provider takes it: itself when it is short enough and plain, else the beginning of its
 * SHA-256, the same at each attempt.
 *
 * @param max how many characters it may have, at least 32
 */
export function wireKey(key: string, max: number): string {
  if (key.length <= max && /^[\w-]+$/.test(key)) return key
  return createHash('sha256').update(key).digest('hex').slice(0, Math.min(max, 64))
}
