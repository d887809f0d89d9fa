import { readFile, writeFile } from 'node:fs/promises'
import router from '@adonisjs/core/services/router'
import type { ApplicationService } from '@adonisjs/core/types'
import { ROLES, type Role } from '#users/models/user'

export const title = 'docs/authorisation.json is the matrix of the route table'

/** Who asks. `link_a` and `link_b` opened the links of two debtors, to their file and to an ERE; the next two have a link that ended meanwhile. */
export const ACTORS = [
  'anonymous',
  'link_a',
  'link_b',
  'link_expired',
  'link_revoked',
  ...ROLES,
  'other_creditor',
] as const
export type Actor = (typeof ACTORS)[number]

/**
 * What is asked for: a thing of creditor and debtor A, of B, a thing of B under
 * a thing of A, nothing that exists; and for a link, one that ended.
 */
export const SUBJECTS = ['a', 'b', 'b_under_a', 'missing', 'expired', 'revoked'] as const
export type Subject = (typeof SUBJECTS)[number]

/**
 * `allowed`: the page, or what the form is answered with · `sign_in`: led to the
 * sign-in page · `home`: led to one's own first page · `forbidden`: told that
 * this is not for one's role · `not_found`: as if it did not exist · `refused`:
 * an unsigned webhook · `over`: the first run is past.
 */
export type Outcome = 'allowed' | 'sign_in' | 'home' | 'forbidden' | 'not_found' | 'refused' | 'over'

type Access =
  | { kind: 'staff'; roles: readonly Role[] }
  | { kind: 'debtor' | 'recipient' | 'public' | 'first_run' | 'webhook' | 'probe' }

export type GuardedRoute = {
  method: string
  pattern: string
  name: string
  access: Access
  params: string[]
  subjects: Subject[]
}

type Row = Record<string, unknown> & Record<Actor, Outcome | Partial<Record<Subject, Outcome>>>

/** Every route of the application, with who its middleware says may come. */
export function guardedRoutes(): GuardedRoute[] {
  if (!router.commited) router.commit()
  return Object.values(router.toJSON())
    .flat()
    .flatMap((route) => {
      const params = Array.from(route.pattern.matchAll(/:(\w+)/g), ([, name]) => name!)
      return route.methods
        .filter((method) => method !== 'HEAD')
        .map((method) => ({
          method,
          pattern: route.pattern,
          name: route.name ?? '',
          access: accessOf(route),
          params,
          subjects: subjectsOf(params, route.matchers),
        }))
    })
    .sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1))
}

type StoredRoute = ReturnType<typeof router.toJSON>[string][number]

function accessOf(route: StoredRoute): Access {
  const stack = new Map<string, unknown>()
  for (const one of route.middleware.all())
    if ('name' in one) stack.set(one.name!, (one as { args?: unknown }).args)
  const staff = stack.get('staff') as { roles: Role[] } | undefined
  if (staff) return { kind: 'staff', roles: staff.roles }
  if (stack.has('debtor')) return { kind: 'debtor' }
  if (stack.has('recipient')) return { kind: 'recipient' }
  if (stack.has('firstRun')) return { kind: 'first_run' }
  if (stack.has('shield')) return { kind: 'public' }
  return { kind: route.pattern.startsWith('/webhooks/') ? 'webhook' : 'probe' }
}

/** Nothing has this number, this reference or this token. */
const MISSING: Record<string, string> = { id: '999999999', row: '999999999', token: 'x'.repeat(43) }
export const missingValue = (param: string) => MISSING[param] ?? 'none-such'

function subjectsOf(params: string[], matchers: StoredRoute['matchers']): Subject[] {
  if (params.length === 0) return []
  if (params.includes('token')) return ['a', 'b', 'missing', 'expired', 'revoked']
  const last = params.at(-1)!
  /** A word out of a fixed list: another one is no address at all. */
  const listed = matchers[last]?.match && !matchers[last].match.test(missingValue(last))
  if (listed) return ['a', 'b']
  return params.length > 1 ? ['a', 'b', 'b_under_a', 'missing'] : ['a', 'b', 'missing']
}

/** What the table promises. A test asks every one of them over HTTP and compares. */
export function matrix(): Record<string, Row> {
  return Object.fromEntries(
    guardedRoutes().map((route) => {
      const { kind } = route.access
      const outcomes = ACTORS.map((actor) => [actor, outcomesOf(route, actor)])
      return [
        `${route.method} ${route.pattern}`,
        { name: route.name, access: kind, ...Object.fromEntries(outcomes) },
      ]
    })
  )
}

function outcomesOf(route: GuardedRoute, actor: Actor): Row[Actor] {
  if (route.subjects.length === 0) return outcome(route, actor, null)
  const each = route.subjects.map((subject) => [subject, outcome(route, actor, subject)] as const)
  return each.every(([, one]) => one === each[0]![1]) ? each[0]![1] : Object.fromEntries(each)
}

function outcome(route: GuardedRoute, actor: Actor, subject: Subject | null): Outcome {
  switch (route.access.kind) {
    case 'probe':
      return 'allowed'
    case 'webhook':
      return 'refused'
    case 'first_run':
      return 'over'
    case 'public':
      return subject === null || subject === 'a' || subject === 'b' ? 'allowed' : 'not_found'
    case 'debtor':
    case 'recipient':
      return debtorOutcome(actor, subject)
    case 'staff':
      return staffOutcome(route.access.roles, route.pattern, actor, subject)
  }
}

function debtorOutcome(actor: Actor, subject: Subject | null): Outcome {
  if (actor !== 'link_a' && actor !== 'link_b') return 'not_found'
  return subject === null || actor === `link_${subject}` ? 'allowed' : 'not_found'
}

function staffOutcome(
  roles: readonly Role[],
  pattern: string,
  actor: Actor,
  subject: Subject | null
): Outcome {
  const role = actor === 'other_creditor' ? 'creditor' : actor
  if (!isRole(role)) return 'sign_in'
  if (!roles.includes(role)) return pattern === '/' ? 'home' : 'forbidden'
  if (subject === null) return 'allowed'
  const seen: Subject[] = role === 'creditor' ? [actor === 'creditor' ? 'a' : 'b'] : ['a', 'b']
  return seen.includes(subject) ? 'allowed' : 'not_found'
}

const isRole = (actor: string): actor is Role => (ROLES as readonly string[]).includes(actor)
const sortKey = ({ pattern, method }: { pattern: string; method: string }) => `${pattern} ${method}`

export async function problems(app: ApplicationService, rewrite: boolean): Promise<string[]> {
  const file = app.makePath('docs/authorisation.json')
  const made = printed(matrix())
  if (rewrite) await writeFile(file, made)
  const committed = await readFile(file, 'utf8').catch(() => '')
  return committed === made
    ? []
    : ['it differs: read what changes with "npm run check -- --write", then commit it']
}

/** One route a paragraph, one actor a line: a change shows as the line it is. */
function printed(rows: Record<string, Row>): string {
  const paragraphs = Object.entries(rows).map(([route, row]) => {
    const lines = Object.entries(row).map(([name, value]) => `    ${JSON.stringify(name)}: ${inline(value)}`)
    return `  ${JSON.stringify(route)}: {\n${lines.join(',\n')}\n  }`
  })
  return `{\n${paragraphs.join(',\n')}\n}\n`
}

const inline = (value: unknown) => JSON.stringify(value).replaceAll(':', ': ').replaceAll(',', ', ')
