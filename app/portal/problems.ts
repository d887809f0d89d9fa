import type { HttpContext } from '@adonisjs/core/http'
import { maskedEmail } from '#shared/email_address'
import { emailOf } from '#portal/contact'

/** What is wrong with one field: its key under `portal.errors`, and the words it needs. */
export type Problem = { field: string; key: string; values?: Record<string, string> }

type Reported = { messages: { field: string; rule: string }[] }

/**
 * Turns a validator's report into problems, one for each field. A form's page
 * is shown again at once with what was typed: without a referrer there is no
 * page to go back to, and a file could not come along.
 */
export function problemsOf(report: Reported, values: Record<string, Record<string, string>> = {}): Problem[] {
  const fields = new Map<string, Problem>()
  for (const { field: path, rule } of report.messages) {
    const field = path.split('.')[0]!
    const key = rule === 'maxLength' && field === 'message' ? 'message_long' : field
    if (!fields.has(field)) fields.set(field, { field, key, values: values[field] })
  }
  return [...fields.values()]
}

/** Gives a form's page its problems in words and what was typed; the page answers 422. */
export function shareForm(
  ctx: HttpContext,
  problems: readonly Problem[],
  typed: Record<string, unknown> = ctx.request.all()
) {
  const { i18n, portal, view } = ctx
  const known = emailOf(portal.claim.debtor)
  view.share({ knownEmail: known && maskedEmail(known) })
  const worded = problems.map(({ field, key, values }) => ({
    field,
    text: i18n.t(`portal.errors.${key}`, values),
  }))
  shareErrors(ctx, worded, typed)
}

/** The same for a page whose words are its own. */
export function shareErrors(
  { response, view }: HttpContext,
  errors: readonly { field: string; text: string }[],
  typed: Record<string, unknown>
) {
  if (errors.length > 0) response.status(422)
  const errorOn = (field: string) => errors.find((error) => error.field === field)?.text
  view.share({
    errors,
    errorOn,
    describedBy: (field: string, hint?: unknown) =>
      [hint && `hint-${field}`, errorOn(field) && `error-${field}`].filter(Boolean).join(' ') || undefined,
    typed: (field: string) => (typeof typed[field] === 'string' ? typed[field] : ''),
    checked: (field: string, value: string | number) =>
      [typed[field]].flat().map(String).includes(String(value)),
  })
}
