import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { ExportAccounting } from '#banking/accounting/export_accounting'
import { exportTotals } from '#banking/accounting/totals'
import { accountingYear } from '#banking/remittances/validators'

/** The accounting entries of a year (FEC), as `accounting:export` writes them. */
export default class AccountingExportsController {
  async index({ view }: HttpContext) {
    return view.render('pages/remittances/accounting', {
      totals: await exportTotals(),
      year: Number(clock.today().slice(0, 4)),
    })
  }

  /** Written whole, then sent as a stream: its totals are known to agree before the first byte leaves. */
  async store({ request, response, session, i18n }: HttpContext) {
    const { year } = await request.validateUsing(accountingYear)
    const folder = await mkdtemp(join(tmpdir(), 'amiable-fec-'))
    response.onFinish(() => void rm(folder, { recursive: true, force: true }))
    const exported = await new ExportAccounting().handle({ year, folder })
    if (exported.outcome === 'siren_missing') {
      session.flash('error', i18n.t('remittances.accounting.siren_missing'))
      return response.redirect().toPath('/accounting')
    }
    response.header('Content-Type', 'text/plain; charset=utf-8')
    response.header('Content-Disposition', `attachment; filename="${basename(exported.file)}"`)
    return response.stream(createReadStream(exported.file))
  }
}
