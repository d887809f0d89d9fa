import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import router from '@adonisjs/core/services/router'
import { guardedRoutes, type GuardedRoute } from '../../../bin/checks/authorisation.js'
import { ROLES, type Role } from '#users/models/user'
import { givenAgency, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { addressOf, givenSide, givenStoredPdf } from '#tests/fixtures/route_params'

type Offer = { method: string; address: string }

test.group('what a page offers', () => {
  test('every link and form of the back-office leads somewhere, and is open to who sees it', async ({
    assert,
    client,
  }) => {
    const { side, people } = await givenMuchToDo()
    const routes = guardedRoutes().filter(({ access }) => access.kind !== 'webhook')
    const astray: string[] = []
    let offered = 0
    for (const role of ROLES) {
      for (const route of routes.filter((one) => isPageFor(role, one))) {
        const page = addressOf(route, route.subjects[0] ?? null, { a: side, b: side })
        const reply = await client.get(page).loginAs(people[role])
        assert.isBelow(reply.status(), 400, `${page} as ${role}`)
        for (const offer of offersOf(reply.text())) {
          offered++
          const problem = problemWith(offer, role, routes)
          if (problem) astray.push(`${page} offers ${role} ${offer.method} ${offer.address}: ${problem}`)
        }
      }
    }
    assert.isAbove(offered, 1000)
    assert.deepEqual(astray, [])
  })
})

/** Something of each kind at one creditor, and of what waits for a person as much as can be. */
async function givenMuchToDo() {
  const fileSha256 = await givenStoredPdf()
  await givenAgency({ insuranceFileSha256: fileSha256, declarationFileSha256: fileSha256 })
  const creditor = await givenCreditor()
  const side = await givenSide(creditor, 'insurance')
  await db.from('actions').where('position', 1).update({ state: 'to_confirm', due_at: null })
  await db.from('deliveries').update({ state: 'uncertain' })
  const people = {} as Record<Role, Awaited<ReturnType<typeof givenUser>>>
  for (const role of ROLES)
    people[role] = await givenUser(role, { creditorId: role === 'creditor' ? creditor.id : null })
  return { side, people }
}

/** What answers with a file has nothing to follow. */
const FILE =
  /\.\w+$|[-/]preview$|\/(source|body|receipt|statement|invoice)$|\/(attachments|documents|legal|mandates|orders|proofs)\/:\w+$/

const isPageFor = (role: Role, { method, pattern, access }: GuardedRoute) =>
  method === 'GET' && access.kind === 'staff' && access.roles.includes(role) && !FILE.test(pattern)

function problemWith({ method, address }: Offer, role: Role, routes: GuardedRoute[]): string | null {
  const found = router.match(address, method, true)
  if (!found) return 'no such address'
  const route = routes.find((one) => one.method === method && one.pattern === found.route.pattern)
  const { access } = route!
  return access.kind === 'staff' && !access.roles.includes(role) ? 'not for that role' : null
}

/** What may be followed or sent within the application. */
function offersOf(html: string): Offer[] {
  const links = valuesOf(html, /<a\b[^>]*?\shref="([^"]*)"/g).map((href) => ['GET', href])
  const forms = Array.from(html.matchAll(/<form\b[^>]*>/g), ([form]) => [
    valuesOf(form, /\smethod="([^"]*)"/g)[0] ?? 'get',
    valuesOf(form, /\saction="([^"]*)"/g)[0] ?? '',
  ])
  const buttons = valuesOf(html, /\sformaction="([^"]*)"/g).map((action) => ['POST', action])
  return [...links, ...forms, ...buttons].flatMap(([method, target]) => {
    if (!target!.startsWith('/')) return []
    const url = new URL(target!, 'http://here')
    const address = url.pathname
    return [{ method: url.searchParams.get('_method') ?? method!.toUpperCase(), address }]
  })
}

const valuesOf = (html: string, pattern: RegExp) =>
  Array.from(html.matchAll(pattern), ([, value]) => value!.replaceAll('&amp;', '&'))
