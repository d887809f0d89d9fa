import Creditor from '#creditors/models/creditor'
import Mandate from '#creditors/models/mandate'
import { figuresOf } from '#creditors/queries/creditor_figures'
import type { CivilDate } from '#shared/clock'
import { likePattern } from '#shared/fold'

const PAGE_SIZE = 50

/** The creditors, with whether each may be acted for on a day, and how its files stand. */
export default class CreditorList {
  constructor(private asked: { q?: string; on: CivilDate }) {}

  async page(page: number) {
    const creditors = await this.#query().paginate(page, PAGE_SIZE)
    const ids = creditors.all().map((creditor) => creditor.id)
    const figures = await figuresOf(ids)
    const mandated = await this.#mandated(ids)
    const items = creditors.all().map((creditor) => ({
      creditor,
      figures: figures(creditor.id),
      mandated: mandated.has(creditor.id),
    }))
    return { items, page: creditors }
  }

  #query() {
    const query = Creditor.query().orderBy('name').orderBy('id')
    const typed = this.asked.q?.trim()
    if (!typed) return query
    return query.where((any) => {
      any.whereRaw(`fold(name) like ? escape '\\'`, [likePattern(typed)])
      any.orWhereRaw(`fold(ref) like ? escape '\\'`, [likePattern(typed)])
      any.orWhere('siren', typed.replace(/\s/g, ''))
    })
  }

  async #mandated(ids: number[]): Promise<Set<number>> {
    const { on } = this.asked
    const mandates = await Mandate.query()
      .whereIn('creditorId', ids)
      .where('signedOn', '<=', on)
      .where((open) => open.whereNull('endsOn').orWhere('endsOn', '>=', on))
      .select('creditorId')
    return new Set(mandates.map((mandate) => mandate.creditorId))
  }
}
