/**
 * What the back-office does beyond HTML: small behaviours asked for by data
 * attributes, listened to once on the document. Every page works without it.
 *
 * data-dialog-open="id"   opens that <dialog>; [data-dialog-close] closes its own
 * data-select-all="name"  ticks every checkbox of that name, shows a mixed state
 * data-mass="name"        shown only when some are ticked; [data-mass-count] is their number
 * data-copy="text"        copies that text
 * data-scan               a barcode reader fills it: Enter goes to the next one, a list pasted fills those below
 * data-toast              fades after a while
 * data-live="name"        is fetched again until the page no longer has it, then the page is
 */

const named = (name) => [...document.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(name)}"]`)]

function showSelection(name) {
  const boxes = named(name)
  const ticked = boxes.filter((box) => box.checked)
  for (const all of document.querySelectorAll(`[data-select-all="${CSS.escape(name)}"]`)) {
    all.checked = boxes.length > 0 && ticked.length === boxes.length
    all.indeterminate = ticked.length > 0 && ticked.length < boxes.length
    all.classList.toggle('is-mixed', all.indeterminate)
  }
  for (const box of boxes) box.closest('tr')?.toggleAttribute('data-selected', box.checked)
  for (const bar of document.querySelectorAll(`[data-mass="${CSS.escape(name)}"]`)) {
    bar.hidden = ticked.length === 0
    const count = bar.querySelector('[data-mass-count]')
    if (count) count.textContent = String(ticked.length)
  }
}

const typing = (target) => target.closest?.('input, textarea, select, [contenteditable="true"]')

document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
  const search = document.querySelector('[data-global-search]')
  if (!search) return
  event.preventDefault()
  search.focus()
  search.select()
})

const scanned = () => [...document.querySelectorAll('[data-scan]')]

/* A reader types the number, then Enter: the form is sent from its button only, or from the last field. */
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !event.target.matches?.('[data-scan]')) return
  const fields = scanned()
  const next = fields[fields.indexOf(event.target) + 1]
  if (!next) return
  event.preventDefault()
  next.focus()
  next.select()
})

document.addEventListener('paste', (event) => {
  if (!event.target.matches?.('[data-scan]')) return
  const lines = event.clipboardData
    .getData('text')
    .trimEnd()
    .split(/\r\n|\r|\n/)
  if (lines.length < 2) return
  event.preventDefault()
  const fields = scanned()
  const below = fields.slice(fields.indexOf(event.target), fields.indexOf(event.target) + lines.length)
  for (const [index, field] of below.entries()) field.value = lines[index].trim()
  below.at(-1).focus()
})

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-dialog-open]')
  if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal()

  const closer = event.target.closest('[data-dialog-close]')
  if (closer) closer.closest('dialog')?.close()

  /* A click on the backdrop lands on the dialog itself. */
  if (event.target instanceof HTMLDialogElement) event.target.close()

  const copier = event.target.closest('[data-copy]')
  if (copier) {
    navigator.clipboard.writeText(copier.dataset.copy).then(() => {
      const label = copier.querySelector('span') ?? copier
      label.textContent = copier.dataset.copied ?? label.textContent
    })
  }

  if (event.target.closest('[data-toast-close]')) event.target.closest('[data-toast]')?.remove()
})

document.addEventListener('change', (event) => {
  const { target } = event
  if (target.dataset?.selectAll) {
    for (const box of named(target.dataset.selectAll)) box.checked = target.checked
    showSelection(target.dataset.selectAll)
  } else if (target.matches?.('input[type="checkbox"][name]')) {
    showSelection(target.name)
  }
})

/* A form is sent once: a second press while the first is on its way does nothing. What opens beside leaves the page usable. */
document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.method !== 'post' || event.submitter?.formTarget === '_blank') return
  if (form.dataset.sent) event.preventDefault()
  else form.dataset.sent = 'true'
})
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent
})

/* Ticks kept by the browser after "back" are shown as such. */
for (const all of document.querySelectorAll('[data-select-all]')) showSelection(all.dataset.selectAll)

/* After an error the summary takes the focus, so that it is read first; a form in a dialog opens again instead. */
const refused = document.querySelector('dialog:has([aria-invalid="true"])')
if (refused) refused.showModal()
else document.querySelector('[data-error-summary]')?.focus()

for (const toast of document.querySelectorAll('[data-toast]')) setTimeout(() => toast.remove(), 8000)

const LIVE_MS = 1500

/** Work under way: what the server says of it now takes the place of what it said. */
async function follow(name) {
  await new Promise((resolve) => setTimeout(resolve, LIVE_MS))
  const response = await fetch(location.href).catch(() => null)
  if (!response?.ok) return follow(name)
  const selector = `[data-live="${CSS.escape(name)}"]`
  const now = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector(selector)
  if (!now) return location.reload()
  document.querySelector(selector).replaceChildren(...now.childNodes)
  return follow(name)
}
for (const live of document.querySelectorAll('[data-live]')) follow(live.dataset.live)
