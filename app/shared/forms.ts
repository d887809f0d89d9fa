import type { HttpContext } from '@adonisjs/core/http'

/** The flash messages as templates see them; absent on pages without a session. */
type Flash = { get(key: string, fallback?: unknown): unknown } | undefined

/** The name of an input as validation errors call it: `address[0]` → `address.0`. */
export const fieldKey = (name: string) => name.replace(/\[(\w*)\]/g, (_, inner) => (inner ? `.${inner}` : ''))

/** The id of an input, from its name or from the key of an error: `address[0]` → `field-address-0`. */
export const fieldId = (name: string) => `field-${fieldKey(name).replace(/[^a-zA-Z0-9]+/g, '-')}`

/** What is wrong with that input in the form just sent. */
export function fieldErrors(flash: Flash, name: string): string[] {
  const bag = (flash?.get('inputErrorsBag') ?? {}) as Record<string, string[]>
  return bag[fieldKey(name)] ?? []
}

/** The id, the errors and the describing attributes of a field, for the components that draw one. */
export function describeField(
  flash: Flash,
  field: { name: string; id?: string; hint?: string; optional?: boolean }
) {
  const id = field.id ?? fieldId(field.name)
  const messages = fieldErrors(flash, field.name)
  const notes = [field.hint && `${id}-hint`, messages.length > 0 && `${id}-error`].filter(Boolean)
  return {
    id,
    messages,
    attributes: {
      id,
      name: field.name,
      required: !field.optional,
      'aria-describedby': notes.join(' ') || null,
      'aria-invalid': messages.length > 0 ? 'true' : null,
    },
  }
}

/** Why the act was refused, when no single field is to blame. */
export function refusals(flash: Flash): string[] {
  const bag = (flash?.get('errorsBag') ?? {}) as Record<string, string>
  const codes = Object.keys(bag).filter((code) => code !== 'E_VALIDATION_ERROR')
  const said = flash?.get('error')
  return [...new Set([...codes.map((code) => bag[code]!), ...(typeof said === 'string' ? [said] : [])])]
}

/** True when the page answers a form that was refused: what was typed then wins over what is stored. */
export function formWasSent(flash: Flash): boolean {
  return Boolean(flash?.get('inputErrorsBag'))
}

/** What was typed when the form was refused, else the stored value, else nothing. */
export function fieldValue(flash: Flash, name: string, stored?: unknown): unknown {
  if (formWasSent(flash)) return flash?.get(fieldKey(name)) ?? ''
  return stored ?? ''
}

/** What is never sent back to the page. */
const SECRET_FIELDS = ['_csrf', '_method', 'password', 'passwordConfirmation', 'currentPassword']

/**
 * Sends a form back with what was typed and a message beside one field, for a
 * rule that only the database could check.
 */
export const refuseField = (ctx: HttpContext, name: string, message: string) =>
  refuseFields(ctx, { [name]: [ctx.i18n.t(message)] })

/** The same beside several fields, in words. */
export function refuseFields({ session, response }: HttpContext, messages: Record<string, string[]>) {
  session.flashExcept(SECRET_FIELDS)
  session.flash('inputErrorsBag', messages)
  return response.redirect().back()
}
