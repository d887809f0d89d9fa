import { defaultRoutes } from '#config/print'
import type Agency from '#agency/models/agency'
import type { ElectronicKind, PaperKind } from '#letters/letter_content'

/** Who may carry a letter: a person, a printer's folder, or a provider by its API. */
export const ROUTES = ['manual', 'folder', 'merci_facteur', 'maileva', 'ar24'] as const
export type Route = (typeof ROUTES)[number]

/** Our own electronic letters: `ere/` carries them. */
export const OWN = 'ere'

/**
 * Who may carry each electronic kind. An LRE is for qualified providers alone (CPCE L100); ours and Merci Facteur's
 * EREs are not, and are never called one (rule 47).
 */
export const ELECTRONIC_ROUTES = {
  ere: [OWN, 'merci_facteur'],
  lre: ['ar24'],
} as const satisfies Record<ElectronicKind, readonly string[]>
export type ElectronicRoute = (typeof ELECTRONIC_ROUTES)[ElectronicKind][number]

/** Which paper each provider may be chosen for. */
export const PAPER_ROUTES = ROUTES.filter((route) => route !== 'ar24')

/** Each with what carries it by default; a step of a scenario may say otherwise. */
export const routeOf = (kind: PaperKind, agency: Pick<Agency, 'simpleRoute' | 'lrarRoute'> | null): Route =>
  ((kind === 'lrar' ? agency?.lrarRoute : agency?.simpleRoute) as Route | null) ?? defaultRoutes[kind]

/** The agency's for that kind, else ours for an ERE and the first qualified provider for an LRE. */
export const electronicRouteOf = (
  kind: ElectronicKind,
  agency: Pick<Agency, 'ereRoute' | 'lreRoute'> | null
): ElectronicRoute =>
  ((kind === 'lre' ? agency?.lreRoute : agency?.ereRoute) as ElectronicRoute | null | undefined) ??
  ELECTRONIC_ROUTES[kind][0]

export const isProvider = (route: string): route is Exclude<Route, 'manual'> =>
  route !== 'manual' && (ROUTES as readonly string[]).includes(route)
