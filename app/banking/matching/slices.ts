/** SQLite and PostgreSQL both take as many values in a list. */
const SLICE = 500

export const marks = (values: readonly unknown[]) => values.map(() => '?').join(', ')

export function* slices<T>(values: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < values.length; start += SLICE) yield values.slice(start, start + SLICE)
}
