import limiter from '@adonisjs/limiter/services/main'
import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { renderPdf } from '#letters/rendering/printer'
import { statementContent } from '#letters/statements/statement_content'
import { statementDocument } from '#letters/statements/statement_document'
import { readStatement } from '#portal/statement'

/** Each is printed when it is asked for, by browsers that the letters need too. */
const PRINTS = { requests: 10, duration: '10 minutes' } as const

/** The debtor's statement of the day as PDF, while something is asked (rule 39). */
export default class StatementsController {
  async show({ portal, response }: HttpContext) {
    const { claim } = portal
    const on = clock.today()
    const { standing, owed } = await readStatement(claim, on)
    if (standing !== 'due' || owed.missingRates.length > 0) return response.redirect().toPath('/p')
    await limiter.use(PRINTS).consume(`portal:statement:${claim.id}`)
    const pdf = await renderPdf(statementDocument(await statementContent(claim, on)))
    response.header('Content-Type', 'application/pdf')
    response.header('Content-Disposition', `inline; filename="decompte-${claim.ref}-${on}.pdf"`)
    return response.send(Buffer.from(pdf))
  }
}
