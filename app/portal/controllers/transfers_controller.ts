import type { HttpContext } from '@adonisjs/core/http'
import Agency from '#agency/models/agency'
import { clock } from '#shared/clock'
import { transferDetails } from '#portal/transfer'
import { readStatement } from '#portal/statement'

/** How to pay by bank transfer: only ever to the dedicated account (rule 3). */
export default class TransfersController {
  async show({ portal, request, response, view }: HttpContext) {
    const { standing, payableCents } = await readStatement(portal.claim, clock.today())
    if (standing !== 'due' || payableCents === 0) return response.redirect().toPath('/p')
    const asked = Number(request.input('cents'))
    const inRange = Number.isSafeInteger(asked) && asked >= 1 && asked <= payableCents
    const agency = await Agency.currentOrFail()
    return view.render('pages/portal/transfer', {
      transfer: transferDetails(agency, portal.claim, inRange ? asked : payableCents),
    })
  }
}
