import edge from 'edge.js'

/** `true` writes the bare attribute; null, undefined and false leave it out; a list joins with spaces. */
type AttributeValue = string | number | boolean | null | undefined | (string | null | undefined | false)[]

const NAME = /^[a-zA-Z][\w:.-]*$/

/**
 * HTML attributes, escaped. Edge's own `html.attrs()` and `$props.toAttrs()`
 * print values as they are, which lets a typed value close the attribute.
 *
 * @throws on a name that could not be an attribute
 */
export function attributes(values: Record<string, AttributeValue>) {
  const { escape, safe } = edge.globals.html
  const printed = Object.entries(values).flatMap(([name, value]) => {
    if (!NAME.test(name)) throw new Error(`"${name}" is not the name of an attribute`)
    if (value === null || value === undefined || value === false) return []
    if (value === true) return [name]
    const text = Array.isArray(value) ? value.filter(Boolean).join(' ') : String(value)
    return [`${name}="${escape(text)}"`]
  })
  return safe(printed.join(' '))
}
