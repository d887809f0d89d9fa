import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Agency from '#agency/models/agency'
import type { Route } from '#registered_mail/routing'

interface Input {
  simpleRoute: Route
  lrarRoute: Route
  mailDuplex: boolean
  mailColour: boolean
  mailAddressSheet: boolean
  /** By step, `s12`; null for what its kind says. */
  steps?: Record<string, Route | null>
}

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
          .whereIn('channel', ['letter', 'lrar'])
          .update({ route })
      }
    })
  }
}
