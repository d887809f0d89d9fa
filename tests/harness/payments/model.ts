/** What a file owes on the day, in the order in which money settles it; one bucket per invoice and part. */
export type Bucket = { part: 'interest' | 'principal' | 'indemnity'; cents: number }

export interface Expected {
  payments: number
  interest: number
  principal: number
  indemnity: number
  suspense: number
  funds: number
  due: number
  paid: boolean
}

/**
 * The ledger of one file as a child would keep it: money fills the buckets in
 * order, what is left over goes aside. The order of the payments does not
 * matter, nor how often their events came.
 */
export function ledgerOf(buckets: readonly Bucket[], moneyReceived: readonly number[]): Expected {
  const funds = moneyReceived.reduce((all, cents) => all + cents, 0)
  const settled = { interest: 0, principal: 0, indemnity: 0 }
  let left = funds
  for (const { part, cents } of buckets) {
    const taken = Math.min(left, cents)
    settled[part] += taken
    left -= taken
  }
  const owed = buckets.reduce((all, { cents }) => all + cents, 0)
  const principal = buckets.filter(({ part }) => part === 'principal')
  return {
    payments: moneyReceived.length,
    ...settled,
    suspense: left,
    funds,
    due: principal.reduce((all, { cents }) => all + cents, 0) - settled.principal,
    paid: moneyReceived.length > 0 && funds >= owed,
  }
}
