import { likePattern } from '#shared/fold'
import { parsePhone } from '#shared/phone'
import { smsLeaves } from '#deliveries/drivers/registry'
import Delivery, { type DeliveryState } from '#deliveries/models/delivery'

export interface DeliveryFilters {
  state?: DeliveryState
  /** Recipient, a mobile as people write it, subject or reference of a file. */
  q?: string
}

const PAGE_SIZE = 50

/** What left, or would have, newest first. */
export class DeliveryList {
  constructor(private readonly filters: DeliveryFilters) {}

  page(page: number) {
    return this.#scope().preload('claim').orderBy('deliveries.id', 'desc').paginate(page, PAGE_SIZE)
  }

  /** How many rows are in each state under the other filters, and in all. */
  async countsByState(): Promise<Record<string, number>> {
    const rows = await new DeliveryList({ ...this.filters, state: undefined })
      .#scope()
      .groupBy('deliveries.state')
      .select('deliveries.state')
      .count('* as total')
      .pojo<{ state: DeliveryState; total: number }>()
    const counts: Record<string, number> = { all: 0 }
    for (const { state, total } of rows) {
      counts[state] = Number(total)
      counts.all! += Number(total)
    }
    return counts
  }

  #scope() {
    const { state, q } = this.filters
    const query = Delivery.query()
    if (state) query.where('deliveries.state', state)
    if (q) {
      const like = (column: string) => `fold(coalesce(${column}, '')) like ? escape '\\'`
      const pattern = likePattern(q)
      query.where((any) => {
        any.whereRaw(like('deliveries.recipient'), [pattern])
        any.orWhereRaw(like('deliveries.subject'), [pattern])
        any.orWhere('deliveries.recipient', parsePhone(q) ?? q)
        any.orWhereHas('claim', (claim) => claim.whereRaw(like('claims.ref'), [pattern]))
      })
    }
    return query
  }
}

/** Whether SMS wait because nothing carries them. */
export const smsWait = async (): Promise<boolean> =>
  !smsLeaves() && (await Delivery.query().where({ channel: 'sms', state: 'queued' }).first()) !== null

/** The last things sent about a file, for its page; the mailbox has them all. */
export const deliveriesOfClaim = (claimId: number) =>
  Delivery.query().where('claimId', claimId).orderBy('id', 'desc').limit(8)
