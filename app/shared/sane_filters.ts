interface Validator<Values> {
  tryValidate(asked: unknown): Promise<[{ messages: unknown } | null, unknown]>
  validate(asked: unknown): Promise<Values>
}

/**
 * Reads the filters of a list from the address. One that makes no sense is left
 * out rather than refused, so that a mistyped or shared address still shows a list.
 */
export async function saneFilters<Values>(
  validator: Validator<Values>,
  asked: Record<string, unknown>
): Promise<Values> {
  const [error, values] = await validator.tryValidate(asked)
  if (!error) return values as Values
  const refused = new Set((error.messages as { field: string }[]).map(({ field }) => field))
  return validator.validate(Object.fromEntries(Object.entries(asked).filter(([name]) => !refused.has(name))))
}

/** `?a=b` of what is set, or an empty text. */
export function queryOf(filters: Record<string, string | undefined>): string {
  const set = Object.entries(filters).flatMap(([name, value]): [string, string][] =>
    value ? [[name, value]] : []
  )
  return set.length > 0 ? `?${new URLSearchParams(set)}` : ''
}
