export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * JSON in the one form of RFC 8785: no space, keys in the order of their UTF-16 units, numbers and
 * strings as ECMAScript writes them. A key without a value is left out.
 *
 * @throws for what that form has no words for: NaN, infinities, half of a surrogate pair
 */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((one: Json) => canonical(one)).join(',')}]`
  if (value !== null && typeof value === 'object') return canonicalObject(value as Record<string, Json>)
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value} has no JSON form`)
  if (typeof value === 'string' && LONE_SURROGATE.test(value))
    throw new Error('a text is cut inside a character')
  return JSON.stringify(value)
}

function canonicalObject(value: Record<string, Json | undefined>): string {
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${canonical(key)}:${canonical(value[key]!)}`)
  return `{${members.join(',')}}`
}
