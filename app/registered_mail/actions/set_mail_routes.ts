import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Agency from '#agency/models/agency'
import { ELECTRONIC_ROUTES, PAPER_ROUTES, type ElectronicRoute, type Route } from '#registered_mail/routing'

interface Input {
  simpleRoute: Route
  lrarRoute: Route
  ereRoute: ElectronicRoute
  lreRoute: ElectronicRoute
  mailDuplex: boolean
  mailColour: boolean
  mailAddressSheet: boolean
  /** By step, `s12`; null for what its kind says. */
  steps?: Record<string, string | null>
}

/** The channels of steps, and who may carry each: a route that cannot is not written. */
const CARRYING: Record<string, readonly string[]> = {
  letter: PAPER_ROUTES,
  lrar: PAPER_ROUTES,
  ...ELECTRONIC_ROUTES,
}
const channelsOf = (route: string) =>
  Object.keys(CARRYING).filter((channel) => CARRYING[channel]!.includes(route))

/** Who carries letters from now on; those already written keep their route. */
export class SetMailRoutes {
  async handle({ steps = {}, ...settings }: Input) {
    await transaction(async (trx) => {
      const agency = await Agency.query({ client: trx }).orderBy('id').firstOrFail()
      await agency.merge({ ...settings, updatedAt: clock.now() }).save()
      for (const [name, route] of Object.entries(steps)) {
        await trx
          .from('scenario_steps')
          .where('id', Number(name.replace(/^s/, '')) || 0)
          .whereIn('channel', route === null ? Object.keys(CARRYING) : channelsOf(route))
          .update({ route })
      }
    })
  }
}
