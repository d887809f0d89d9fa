import db from '@adonisjs/lucid/services/db'
import { ELECTRONIC_KINDS, type ElectronicKind } from '#letters/letter_content'
import type Agency from '#agency/models/agency'
import { carrierOf, type CarrierName } from '#registered_mail/carriers'
import { electronicRouteOf, isProvider, routeOf, ROUTES, type Route } from '#registered_mail/routing'

/** One way to send letters, as the settings show it. */
export interface RouteState {
  name: Route
  ready: boolean
  /** The variables of the environment that it lacks. */
  missing: string[]
  kinds: readonly string[]
  used: boolean
}

export interface StepRoute {
  id: number
  scenario: string
  day: number
  channel: 'letter' | 'lrar' | ElectronicKind
  template: string
  route: string | null
}

/** What the page of the settings shows: each route, what carries each kind, and each step of the scenarios. */
export async function mailSettingsOf(agency: Agency) {
  const steps = await stepRoutes()
  const chosen = {
    simple: routeOf('simple', agency),
    lrar: routeOf('lrar', agency),
    ere: electronicRouteOf('ere', agency),
    lre: electronicRouteOf('lre', agency),
  }
  // The only way for an LRE is used once a step, or a letter, is one.
  const lre = steps.some(({ channel }) => channel === 'lre') || (await hasLre()) ? [chosen.lre] : []
  const used = new Set<string>([
    ...[chosen.simple, chosen.lrar, chosen.ere],
    ...lre,
    ...steps.flatMap(({ route }) => route ?? []),
  ])
  return { chosen, steps, routes: ROUTES.map((name) => stateOf(name, used)) }
}

const hasLre = async () => (await db.from('letters').where('kind', 'lre').first()) !== null

function stateOf(name: Route, used: ReadonlySet<string>): RouteState {
  if (!isProvider(name)) {
    return { name, ready: true, missing: [], kinds: ['simple', 'lrar'], used: used.has(name) }
  }
  const { provider, missing } = carrierOf(name as CarrierName)
  return {
    name,
    ready: provider !== null,
    missing,
    kinds: provider?.kinds ?? ['simple', 'lrar'],
    used: used.has(name),
  }
}

async function stepRoutes(): Promise<StepRoute[]> {
  const rows = await db
    .from('scenario_steps')
    .join('scenarios', 'scenarios.id', 'scenario_steps.scenario_id')
    .whereIn('scenario_steps.channel', ['letter', 'lrar', ...ELECTRONIC_KINDS])
    .orderBy('scenarios.id')
    .orderBy('scenario_steps.position')
    .select('scenario_steps.*', 'scenarios.name as scenario')
  return rows.map((row) => ({
    id: Number(row.id),
    scenario: row.scenario,
    day: Number(row.day),
    channel: row.channel,
    template: row.template,
    route: row.route,
  }))
}
