import { listAt, numberAt, recordAt, textAt, type FormRecord } from './form.js'
import { invalid, notFound } from './errors.js'

interface Listed {
  id: string
  created: number
}

/**
 * A page of Stripe's lists: newest first, `limit` 1 to 100 (10 by default),
 * `starting_after` and `ending_before`, `created[gt|gte|lt|lte]`.
 *
 * @param items in the order they were made
 */
export function pageOf<T extends Listed>(url: string, items: readonly T[], query: FormRecord) {
  const limit = numberAt(query, 'limit') ?? 10
  if (limit < 1 || limit > 100) throw invalid('Invalid integer: limit', { param: 'limit' })
  const newestFirst = items.filter(createdWithin(query)).toReversed()
  const after = textAt(query, 'starting_after')
  const before = textAt(query, 'ending_before')
  const rest = before
    ? newestFirst.slice(0, indexOf(newestFirst, before, 'ending_before'))
    : newestFirst.slice(after ? indexOf(newestFirst, after, 'starting_after') + 1 : 0)
  const data = before ? rest.slice(-limit) : rest.slice(0, limit)
  return { object: 'list' as const, url, has_more: rest.length > data.length, data }
}

/** Keeps the events of `type` or `types[]`; `charge.*` takes a family. */
export function ofTypes<T extends { type: string }>(items: readonly T[], query: FormRecord): T[] {
  const single = textAt(query, 'type')
  const wanted = single ? [single] : listAt(query, 'types')
  if (wanted.length === 0) return [...items]
  return items.filter(({ type }) =>
    wanted.some(
      (name) => name === type || (String(name).endsWith('.*') && type.startsWith(String(name).slice(0, -1)))
    )
  )
}

function createdWithin(query: FormRecord) {
  const exactly = numberAt(query, 'created')
  const range = recordAt(query, 'created')
  const [gt, gte, lt, lte] = ['gt', 'gte', 'lt', 'lte'].map((name) => numberAt(range, name)) as (
    number | null
  )[]
  return ({ created }: Listed) =>
    (exactly === null || created === exactly) &&
    created > (gt ?? -Infinity) &&
    created >= (gte ?? -Infinity) &&
    created < (lt ?? Infinity) &&
    created <= (lte ?? Infinity)
}

function indexOf(items: readonly Listed[], id: string, param: string) {
  const index = items.findIndex((item) => item.id === id)
  if (index === -1) throw notFound('object', id, param)
  return index
}

/**
 * Replaces ids by the objects they name, for each `expand[]` path: `payment_intent`,
 * `latest_charge`, `payment_intent.latest_charge`, and `data.…` in a list.
 */
export function expanded(body: object, query: FormRecord, find: (id: string) => object | null): object {
  const copy = structuredClone(body) as Record<string, unknown>
  for (const path of listAt(query, 'expand')) expand(copy, String(path).split('.'), find)
  return copy
}

function expand(target: Record<string, unknown>, path: string[], find: (id: string) => object | null) {
  const [head = '', ...rest] = path
  if (!(head in target)) throw invalid(`This property cannot be expanded (${head}).`, { param: 'expand' })
  const value = target[head]
  if (typeof value === 'string') target[head] = structuredClone(find(value)) ?? value
  const below = target[head]
  if (rest.length === 0 || below === null || typeof below !== 'object') return
  for (const item of Array.isArray(below) ? below : [below])
    expand(item as Record<string, unknown>, rest, find)
}
