import { belongsTo } from '@adonisjs/lucid/orm'
import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ConnectedAccountSchema } from '#database/schema'
import type { Instant } from '#shared/clock'
import Creditor from '#creditors/models/creditor'

export type ConnectedAccountState = 'asked' | 'unknown' | 'refused' | 'made' | 'gone'

/** What an account is asked to be made with; never changed afterwards, so that its key says the same again. */
export type AccountRequest = { creditorRef: string; name: string; email?: string; attemptKey: string }

/** How far the account is, in the words of the pages. */
export type AccountStanding =
  'unanswered' | 'to_complete' | 'under_review' | 'ready' | 'restricted' | 'rejected' | 'gone'

/** Reasons that giving more does not lift: https://docs.stripe.com/api/accounts/object, `requirements.disabled_reason`. */
const FINAL = /^(rejected\.|listed$|platform_paused$)/

/** A creditor's own account at Stripe, and what Stripe last said of it. */
export default class ConnectedAccount extends ConnectedAccountSchema {
  static override table = 'connected_accounts'
  declare state: ConnectedAccountState
  declare request: AccountRequest | null

  @belongsTo(() => Creditor)
  declare creditor: BelongsTo<typeof Creditor>

  /** The account of a creditor, or null when there is none. */
  static of(creditorId: number, client?: QueryClientContract) {
    return this.query(client ? { client } : {})
      .where('creditorId', creditorId)
      .whereNull('endedAt')
      .first()
  }

  /** One that was not made here, and that a creditor receives on: Stripe says the rest when it is asked. */
  static follow(trx: TransactionClientContract, creditor: Creditor, now: Instant) {
    return this.create(
      {
        creditorId: creditor.id,
        state: 'made',
        stripeAccount: creditor.stripeAccount,
        mayReceive: true,
        wanted: [],
        askAt: now,
        createdAt: now,
        updatedAt: now,
      },
      { client: trx }
    )
  }

  /** It is no longer the account of that creditor; what it received stays as it is. */
  static async end(trx: TransactionClientContract, creditorId: number, now: Instant) {
    await this.query({ client: trx })
      .where({ creditorId })
      .whereNull('endedAt')
      .update({ endedAt: now, updatedAt: now })
  }

  /** Whether the creditor had one that is no longer its account. */
  static async hadOne(creditorId: number, client?: QueryClientContract): Promise<boolean> {
    const former = await this.query(client ? { client } : {})
      .where({ creditorId })
      .whereNotNull('stripeAccount')
      .whereNotNull('endedAt')
      .first()
    return former !== null
  }

  get standing(): AccountStanding {
    if (this.state === 'gone') return 'gone'
    if (this.state !== 'made') return 'unanswered'
    if (this.mayReceive) return 'ready'
    if (FINAL.test(this.disabledReason ?? '')) return 'rejected'
    if (this.readyAt) return 'restricted'
    return this.detailsSubmitted && this.wanted.length === 0 ? 'under_review' : 'to_complete'
  }

  /** Whether Stripe's page is of any use: it takes what is still wanted. */
  get mayContinue(): boolean {
    const { standing } = this
    if (standing === 'ready') return this.wanted.length > 0
    return standing !== 'under_review' && standing !== 'rejected' && standing !== 'gone'
  }

  /** What Stripe still asks for, in the families the pages have words for, each once. */
  get wantedFamilies(): WantedFamily[] {
    return [...new Set(this.wanted.map(familyOf))]
  }
}

const FAMILIES = [
  ['bank', /^external_account/],
  ['terms', /^(tos_acceptance|settings)/],
  ['proof', /(document|proof|verification)/],
  ['activity', /^business_(profile|type)/],
  ['company', /^company\./],
  ['people', /^(individual|representative|owners|directors|executives|person_|relationship)/],
] as const

export type WantedFamily = (typeof FAMILIES)[number][0] | 'other'

const familyOf = (requirement: string): WantedFamily =>
  FAMILIES.find(([, pattern]) => pattern.test(requirement))?.[0] ?? 'other'
