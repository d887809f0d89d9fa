import db from '@adonisjs/lucid/services/db'
import Agency from '#agency/models/agency'
import { addMonths } from '#shared/calendar'
import { clock, instantOn } from '#shared/clock'
import { rowsOf } from '#shared/sql'
import { carrierOf, type CarrierName } from '#registered_mail/carriers'
import { ANNOUNCED } from '#registered_mail/queries/missing_proofs'
import { mailSettingsOf, type RouteState } from '#registered_mail/queries/mail_settings'
import { fail, ok, warn, type Check } from '#health/finding'

/** Providers keep a proof for a year (R53-3): a month before, somebody must act. */
const PROOF_ALERT_MONTHS = 11

/** Who carries letters, and whether they answer. */
export const letterRoutes: Check = {
  name: 'letter_routes',
  async find() {
    const agency = await Agency.current()
    if (!agency) return warn('no agency yet: letters are printed by hand')
    const used = (await mailSettingsOf(agency)).routes.filter(({ used: inUse }) => inUse)
    const told = await Promise.all(used.map(answerOf))
    const refused = told.filter(({ ok: fine }) => !fine).map(({ text }) => text)
    return refused.length > 0 ? fail(refused.join('; ')) : ok(told.map(({ text }) => text).join('; '))
  },
}

async function answerOf({ name, missing }: RouteState): Promise<{ ok: boolean; text: string }> {
  if (name === 'manual') return { ok: true, text: 'manual: printed and posted by hand' }
  const { provider } = carrierOf(name as CarrierName)
  if (!provider)
    return { ok: false, text: `${name} carries letters but lacks ${missing.join(', ')}: they wait` }
  const answer = await provider.test()
  return answer.ok
    ? { ok: true, text: `${name}: ${answer.account}` }
    : { ok: false, text: `${name}: ${answer.reason}` }
}

/** Rule 49: what a provider has announced is fetched before it throws it away. */
export const mailingProofs: Check = {
  name: 'mailing_proofs',
  async find() {
    const before = instantOn(addMonths(clock.today(), -PROOF_ALERT_MONTHS))
    const [row] = await rowsOf<{ total: number; old: number | null }>(
      db.connection(),
      `select count(*) as total, sum(case when f.received_at < :before then 1 else 0 end) as old from ${ANNOUNCED}`,
      { before }
    )
    if (Number(row!.old ?? 0) > 0) {
      return fail(
        `${row!.old} proofs announced almost a year ago were never fetched: their provider is about to lose them`
      )
    }
    return Number(row!.total) > 0
      ? warn(`${row!.total} proofs announced are still to be fetched`)
      : ok('all stored')
  },
}
