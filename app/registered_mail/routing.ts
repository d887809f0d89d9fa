import { defaultRoutes } from '#config/print'
import type Agency from '#agency/models/agency'
import type { PaperKind } from '#letters/letter_content'

/** Who may carry a letter: a person, a printer's folder, or a provider by its API. */
export const ROUTES = ['manual', 'folder', 'merci_facteur', 'maileva'] as const
export type Route = (typeof ROUTES)[number]

/** Each with what carries it by default; a step of a scenario may say otherwise. */
export const routeOf = (kind: PaperKind, agency: Pick<Agency, 'simpleRoute' | 'lrarRoute'> | null): Route =>
  ((kind === 'lrar' ? agency?.lrarRoute : agency?.simpleRoute) as Route | null) ?? defaultRoutes[kind]

export const isProvider = (route: string): route is Exclude<Route, 'manual'> =>
  route !== 'manual' && (ROUTES as readonly string[]).includes(route)
