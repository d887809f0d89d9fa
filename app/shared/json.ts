/**
 * Lucid column options for a JSON value kept as text. `T` is what the code that
 * wrote the column promised; nothing else writes it.
 */
export const json = <T>(empty: T) => ({
  prepare: (value: T | null | undefined) =>
    value === null || value === undefined ? value : JSON.stringify(value),
  consume: (value: string | null): T => (value === null ? empty : (JSON.parse(value) as T)),
})
