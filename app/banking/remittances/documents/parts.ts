import { sirenText } from '#shared/french'
import { markup, type Markup } from '#letters/rendering/markup'
import { longDate, nameOf, sender } from '#letters/templates/parts'
import type { RemittanceContent } from '#banking/remittances/documents/content'

/** Who writes, what about, and to whom, in the window. */
export function head(content: RemittanceContent, references: readonly (readonly [string, string])[]): Markup {
  return markup`<header class="letter-head">${sender(content.agency)}<dl class="letter-refs">
${references.map(([name, value]) => markup`<dt>${name}</dt><dd class="n">${value}</dd>`)}
</dl>${creditorWindow(content)}</header>`
}

function creditorWindow({ creditor }: RemittanceContent): Markup {
  const lines = [nameOf(creditor), ...creditor.addressLines].slice(0, 6)
  return markup`<p class="letter-window">${lines.map((line) => markup`<span>${line}</span>`)}</p>`
}

export const place = (on: string) => markup`<p class="letter-place">Le ${longDate(on)}</p>`

export const creditorIdentity = ({ creditor }: RemittanceContent) =>
  [nameOf(creditor), creditor.siren && `SIREN ${sirenText(creditor.siren)}`].filter(Boolean).join(', ')
