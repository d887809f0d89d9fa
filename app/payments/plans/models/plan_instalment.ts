import { PlanInstalmentSchema } from '#database/schema'

/** One date and one sum of a plan, as agreed; `paidCents` is what the money received has covered of it. */
export default class PlanInstalment extends PlanInstalmentSchema {
  static override table = 'plan_instalments'

  get openCents() {
    return this.amountCents - this.paidCents
  }
}
