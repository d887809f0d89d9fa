/** A form body in Stripe's bracket notation, read as nested values. */
export type FormValue = string | FormValue[] | FormRecord
export interface FormRecord {
  [key: string]: FormValue
}

/**
 * Reads `line_items[0][price_data][currency]=eur&expand[]=payment_intent` as
 * nested lists and records. Records have no prototype, so a key named
 * `__proto__` is only a key.
 */
export function parseForm(body: string): FormRecord {
  const root = emptyRecord()
  for (const [name, value] of new URLSearchParams(body)) {
    assign(
      root,
      name.split('[').map((part) => part.replace(/\]$/, '')),
      value
    )
  }
  return withLists(root) as FormRecord
}

/** The record under `key`, or an empty one. */
export function recordAt(form: FormRecord, key: string): FormRecord {
  const value = form[key]
  return typeof value === 'object' && !Array.isArray(value) ? value : emptyRecord()
}

export function listAt(form: FormRecord, key: string): FormValue[] {
  const value = form[key]
  return Array.isArray(value) ? value : []
}

export function textAt(form: FormRecord, key: string): string | null {
  const value = form[key]
  return typeof value === 'string' && value !== '' ? value : null
}

export function numberAt(form: FormRecord, key: string): number | null {
  const text = textAt(form, key)
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null
}

/** A record whose values are all text, as metadata is. */
export function metadataAt(form: FormRecord, key: string): Record<string, string> {
  const entries = Object.entries(recordAt(form, key))
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  )
}

const emptyRecord = (): FormRecord => Object.create(null)

function assign(record: FormRecord, path: string[], value: string) {
  const [head = '', ...rest] = path
  const key = head === '' ? String(Object.keys(record).length) : head
  if (rest.length === 0) {
    record[key] = value
    return
  }
  const below = record[key]
  const target = typeof below === 'object' && !Array.isArray(below) ? below : emptyRecord()
  record[key] = target
  assign(target, rest, value)
}

/** Records whose keys are 0, 1, 2… become lists. */
function withLists(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value
  const entries = Object.entries(value)
  for (const entry of entries) value[entry[0]] = entry[1] = withLists(entry[1])
  const isList = entries.length > 0 && entries.every(([key], index) => key === String(index))
  return isList ? entries.map(([, item]) => item) : value
}
