import { startApplication } from '#tests/harness/application'
import type { Harness } from '#tests/harness/harness'
import { between, seeded } from '#tests/fakes/stripe/random'

const CLICKS = 50

/**
 * Bar 3: the button "Payer" of one file sent fifty times at the same moment, over
 * HTTP, on a gateway that is slow, breaks and loses answers. The debtor pays
 * wherever they are sent: at most one charge.
 */
export default {
  short: 4,
  long: 200,
  async run({ seed, size }) {
    const random = seeded(seed)
    const application = await startApplication()
    const world = await import('#tests/harness/payments/world')
    const { givenPortal } = await import('#tests/fixtures/portal')
    const { payOnPage } = await import('#tests/fixtures/stripe')
    const { simulator, stop } = await world.startGateway(seed)
    const problems: string[] = []
    let pages = 0
    try {
      for (let file = 0; file < size; file++) {
        const amountCents = between(random, 200, 90_000)
        const { claim, url } = await givenPortal({ kind: 'b2c', invoices: [{ amountCents }] })
        const slowMs = between(random, 0, 40)
        simulator.apiFaults = { slowMs, dropReplyRate: 0.1, serverErrorRate: 0.05, brokenReplyRate: 0.05 }
        const addresses = await clickAtOnce(url)
        const checkouts = new Set(addresses.filter((address) => address?.startsWith(simulator.url)))
        pages += checkouts.size
        await Promise.all([...checkouts].map((address) => payOnPage(address!)))
        const charges = world.chargesOf(simulator, claim.ref)
        if (charges.length > 1) problems.push(`${claim.ref} was charged ${charges.length} times`)
        if (checkouts.size > 1) problems.push(`${claim.ref} was sent to ${checkouts.size} pages`)
      }
      simulator.apiFaults = { slowMs: 0, dropReplyRate: 0, serverErrorRate: 0, brokenReplyRate: 0 }
      const reconciled = await world.reconcile()
      const charged = [...simulator.account.intents.values()].filter(
        ({ status }) => status === 'succeeded'
      ).length
      if ((await world.paymentsPosted()) !== charged) problems.push('payments and charges differ in number')
      problems.push(...(await world.bookProblems()))
      return { problems, clicks: size * CLICKS, pages, charged, ...reconciled }
    } finally {
      await stop()
      await application.stop()
    }
  },
} satisfies Harness

/** Opens a debtor's link and sends its form fifty times at once; gives back where each answer leads. */
async function clickAtOnce(link: string): Promise<(string | null)[]> {
  const opened = await fetch(link, { redirect: 'manual' })
  const first = cookiesOf(opened)
  const page = await fetch(new URL('/p', link), { headers: { cookie: first } })
  const token = /name=["']_csrf["'] value=["']([^"']+)/.exec(await page.text())?.[1]
  if (!token) throw new Error(`no form on ${page.url} (${page.status})`)
  const cookie = cookiesOf(page) || first
  const click = async () => {
    const answer = await fetch(new URL('/p/payment', link), {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie },
      body: new URLSearchParams({ _csrf: token, part: 'all', means: 'online' }),
    })
    await answer.body?.cancel()
    return answer.headers.get('location')
  }
  return Promise.all(Array.from({ length: CLICKS }, click))
}

const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
