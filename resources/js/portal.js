/* The portal works without JavaScript; what is here only makes it nicer. */

const POLL_MS = 3000
const POLLS = 40

/** A page that came back with something to correct says so first. */
document.querySelector('[data-errors]')?.focus()

/** A link to the payment form opens it. */
const openTarget = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1))
  if (target instanceof HTMLDetailsElement) target.open = true
}
addEventListener('hashchange', openTarget)
openTarget()

/** One click sends once; the server answers a second one with the first. */
for (const form of document.querySelectorAll('form')) {
  let sent = false
  form.addEventListener('submit', (event) => {
    if (sent) event.preventDefault()
    sent = true
  })
  addEventListener('pageshow', () => (sent = false))
}

/** Waits for the payment's confirmation, then shows it. */
async function watch(polls) {
  if (polls === 0) return
  await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  const response = await fetch(location.href).catch(() => null)
  const page = response?.ok ? await response.text() : 'data-waiting'
  if (page.includes('data-waiting')) return watch(polls - 1)
  location.reload()
}
if (document.querySelector('[data-waiting]')) watch(POLLS)
