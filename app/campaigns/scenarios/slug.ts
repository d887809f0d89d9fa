import { fold } from '#shared/fold'

/** As `scenarios.slug` holds it. */
const LONGEST = 48

/** `Relance ferme (été)` → `relance-ferme-ete`; empty when nothing of the name can be written so. */
export const slugOf = (name: string) =>
  (fold(name).match(/[a-z0-9]+/g) ?? []).join('-').slice(0, LONGEST).replace(/-$/, '')
