import i18nManager from '@adonisjs/i18n/services/main'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { write } from '#shared/sql'
import { transaction } from '#shared/transaction'
import Scenario from '#campaigns/models/scenario'
import { slugOf } from '#campaigns/scenarios/slug'

export type Copied = { outcome: 'copied'; slug: string } | { outcome: 'name_taken' | 'name_unreadable' }

/** A scenario of the agency's own begins as a copy, both versions with their steps. */
export class CopyScenario {
  handle({ from, name }: { from: string; name: string }): Promise<Copied> {
    const slug = slugOf(name)
    return transaction(async (trx) => {
      const versions = await Scenario.versionsOrFail(from, trx, 'forShare')
      if (!slug) return { outcome: 'name_unreadable' }
      for (const version of versions) {
        if (!(await copyVersion(trx, version, { slug, name }))) return { outcome: 'name_taken' }
      }
      return { outcome: 'copied', slug }
    })
  }
}

/** False when that slug has a version of that kind, even one that was written meanwhile. */
async function copyVersion(
  trx: TransactionClientContract,
  { id, kind }: Scenario,
  { slug, name }: { slug: string; name: string }
): Promise<boolean> {
  const made = await write(
    trx,
    `insert into scenarios (slug, kind, name, created_at) values (:slug, :kind, :name, :now)
     on conflict (slug, kind) do nothing`,
    { slug, kind, name: versionName(name, kind), now: clock.now() }
  )
  if (made === 0) return false
  await write(
    trx,
    `insert into scenario_steps (scenario_id, position, day, channel, mode, template, route)
     select own.id, s.position, s.day, s.channel, s.mode, s.template, s.route
     from scenario_steps s cross join scenarios own
     where s.scenario_id = :from and own.slug = :slug and own.kind = :kind`,
    { from: id, slug, kind }
  )
  return true
}

/** Versions are named in the agency's language, once. */
const versionName = (name: string, kind: string) =>
  i18nManager.locale('fr').t('campaigns.scenario.version_name', { name, kind })
