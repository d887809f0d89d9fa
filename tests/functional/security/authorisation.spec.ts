import { readFile } from 'node:fs/promises'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import {
  ACTORS,
  guardedRoutes,
  type Actor,
  type GuardedRoute,
  type Outcome,
  type Subject,
} from '../../../bin/checks/authorisation.js'
import { ROLES, type Role } from '#users/models/user'
import { mintLink } from '#claims/portal_link'
import { mintEreLink } from '#registered_mail/ere/links'
import { dialect, transaction } from '#shared/transaction'
import { givenAgency, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { addressOf, endLink, givenSide, givenStoredPdf, type Side } from '#tests/fixtures/route_params'
import { Visitor, type Reply } from '#tests/fixtures/visitor'
import { forgetLimits } from '#tests/fixtures/limits'

const PASSWORD = 'correct horse battery'
/** What both the back-office and the portal say then. */
const EXPIRED = /La page (était restée ouverte trop longtemps|était ouverte depuis longtemps)/
const SAFE = ['GET', 'HEAD']
const REFUSALS = new Set<unknown>(['sign_in', 'forbidden', 'refused', 'over'] satisfies Outcome[])
/** They end the session that asks or open another, so a new one is needed afterwards. */
const CHANGING_SESSIONS = [
  'sessions.destroy',
  'portal.open',
  'portal.destroy',
  'ere.open',
  'ere.destroy',
  'invitations.update',
]

test.group('authorisation', () => {
  test('bar 20: every route answers everyone as docs/authorisation.json says', async ({ assert }) => {
    const committed = JSON.parse(await readFile(app.makePath('docs/authorisation.json'), 'utf8'))
    const world = await givenWorld()
    const unlike: string[] = []
    for (const route of guardedRoutes()) {
      for (const actor of ACTORS) {
        const visitor = await world.visitorFor(actor)
        for (const subject of route.subjects.length > 0 ? route.subjects : [null]) {
          const expected = expectedIn(committed, route, actor, subject)
          // Who is refused is refused on any database; what the others are given comes from this one.
          if (dialect() === 'postgres' && REFUSALS.has(expected)) continue
          const asking = () => ask(visitor, actor, route, subject, world.sides)
          const { label, outcome } = SAFE.includes(route.method) ? await asking() : await undone(asking)
          if (outcome !== expected) unlike.push(`${label} by ${actor}: ${outcome}, not ${expected}`)
        }
        if (CHANGING_SESSIONS.includes(route.name)) world.forget(actor)
      }
    }
    assert.deepEqual(unlike, [])
  })

  test('bar 24: every form needs its token, but the signed webhooks', async ({ assert }) => {
    const world = await givenWorld()
    const through: string[] = []
    for (const route of guardedRoutes()) {
      if (SAFE.includes(route.method) || route.access.kind === 'webhook') continue
      const visitor = await world.visitorFor(privileged(route))
      const address = addressOf(route, route.subjects[0] ?? null, world.sides)
      for (const form of [{ other: 'field' }, { _csrf: 'forged' }] as Record<string, string>[]) {
        const text = await refusalOf(visitor, route, address, form)
        if (!EXPIRED.test(text)) through.push(`${route.method} ${address} with ${JSON.stringify(form)}`)
      }
    }
    assert.deepEqual(through, [])
  })

  /** A form without its token is led back to its page, which says that it had been open too long. */
  async function refusalOf(
    visitor: Visitor,
    route: GuardedRoute,
    address: string,
    form: Record<string, string>
  ) {
    const page = route.access.kind === 'staff' ? '/claims' : '/sign-in'
    const reply = await visitor.send(route.method, address, {
      form,
      headers: { referer: visitor.base + page },
    })
    return reply.status === 302 ? (await visitor.get(reply.location)).text : reply.text
  }

  function privileged(route: GuardedRoute): Actor {
    if (route.access.kind === 'staff') return route.access.roles[0]!
    return route.access.kind === 'debtor' || route.access.kind === 'recipient' ? 'link_a' : 'anonymous'
  }

  async function ask(
    visitor: Visitor,
    actor: Actor,
    route: GuardedRoute,
    subject: Subject | null,
    sides: Sides
  ) {
    await forgetLimits()
    const address = addressOf(route, subject, sides)
    const reply = SAFE.includes(route.method)
      ? await visitor.get(address)
      : await visitor.submit(route.method, address)
    return { label: `${route.method} ${address}`, outcome: outcomeOf(route, actor, reply) }
  }
})

/** What was asked leaves no trace: the next one finds the same world. Reading changes nothing anyway. */
async function undone<T>(work: () => Promise<T>): Promise<T> {
  await db.rawQuery('savepoint before_asking')
  try {
    return await work()
  } finally {
    await db.rawQuery('rollback to savepoint before_asking')
    await db.rawQuery('release savepoint before_asking')
  }
}

function expectedIn(
  committed: Record<string, Record<string, unknown>>,
  route: GuardedRoute,
  actor: Actor,
  subject: Subject | null
): unknown {
  const stated = committed[`${route.method} ${route.pattern}`]?.[actor]
  return typeof stated === 'object' ? (stated as Record<string, Outcome>)[subject!] : stated
}

function outcomeOf(route: GuardedRoute, actor: Actor, { status, location }: Reply): Outcome | string {
  const { kind } = route.access
  const leaves = route.name === 'sessions.destroy' && actor in LOGINS
  if (kind === 'staff' && (status === 401 || location === '/sign-in') && !leaves) return 'sign_in'
  if (kind === 'first_run' && location === '/') return 'over'
  if (kind === 'staff' && route.pattern === '/' && status === 302) return 'home'
  const refusals: Record<number, Outcome> = { 400: 'refused', 403: 'forbidden', 404: 'not_found' }
  return refusals[status] ?? (status < 400 || status === 422 ? 'allowed' : `status ${status}`)
}

const LOGINS: Partial<Record<Actor, Role>> = {
  ...Object.fromEntries(ROLES.map((role) => [role, role])),
  other_creditor: 'creditor',
}

type Sides = { a: Side; b: Side }

/** Two creditors that know nothing of each other, everyone who may ask, and their sessions. */
async function givenWorld() {
  const fileSha256 = await givenStoredPdf()
  await givenAgency({ insuranceFileSha256: fileSha256, declarationFileSha256: fileSha256 })
  const [a, b] = [await givenCreditor(), await givenCreditor()]
  const emails = new Map<Actor, string>()
  for (const [actor, role] of Object.entries(LOGINS)) {
    const creditorId = role === 'creditor' ? (actor === 'creditor' ? a.id : b.id) : null
    const { email } = await givenUser(role, { creditorId, password: PASSWORD })
    emails.set(actor as Actor, email)
  }
  const sides: Sides = {
    a: await givenSide(a, 'insurance'),
    b: await givenSide(b, 'declaration'),
  }
  const visitors = new Map<Actor, Visitor>()

  async function visitorFor(actor: Actor): Promise<Visitor> {
    const known = visitors.get(actor)
    if (known) return known
    await forgetLimits()
    const visitor = new Visitor(process.env.APP_URL!)
    const email = emails.get(actor)
    if (email) await visitor.signIn(email, PASSWORD)
    if (actor.startsWith('link_')) await openLink(visitor, actor, sides)
    visitors.set(actor, visitor)
    return visitor
  }
  return { sides, visitorFor, forget: (actor: Actor) => visitors.delete(actor) }
}

const ENDS: Partial<Record<Actor, 'expire' | 'revoke'>> = { link_expired: 'expire', link_revoked: 'revoke' }

/** A link that ended was opened while it was good: its session is still there. */
async function openLink(visitor: Visitor, actor: Actor, { a, b }: Sides) {
  const side = actor === 'link_b' ? b : a
  const [file, ere] = await transaction(async (trx) => [
    await mintLink(trx, side.claim.id, 'test'),
    await mintEreLink(trx, side.ere.id),
  ])
  await visitor.get(`/p/${file!.token}`)
  await visitor.get(`/ere/${ere!.token}`)
  const ends = ENDS[actor]
  if (ends) for (const { token } of [file!, ere!]) await endLink(token, ends)
}
