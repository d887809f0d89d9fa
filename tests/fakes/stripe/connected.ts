import type { Account } from './account.js'
import { invalid, missingParameter } from './errors.js'
import { metadataAt, recordAt, textAt, type FormRecord } from './form.js'
import type { ConnectedAccount } from './objects.js'
import { randomText } from './random.js'

/** An account's first requirements, as Stripe names them for a French company. */
const AT_FIRST = [
  'business_profile.url',
  'company.tax_id',
  'external_account',
  'representative.first_name',
  'tos_acceptance.date',
]
const PROOF = 'company.verification.document'

/** The page of a link opens once, for five minutes. */
const LINK_SECONDS = 300

/** The test IBAN whose owner's papers are looked at before anything is allowed. */
export const REVIEWED_IBAN = 'FR8420041010050500013M02607'

type Link = {
  account: string
  returnUrl: string
  refreshUrl: string
  expiresAt: number
  state: 'new' | 'open' | 'used'
}

/** Creditors' own accounts: made, led through the hosted page, looked at, restricted, gone. */
export class Connected {
  readonly links = new Map<string, Link>()

  constructor(readonly platform: Account) {}

  /** POST /v1/accounts */
  create(form: FormRecord): ConnectedAccount {
    const controller = recordAt(form, 'controller')
    if (textAt(form, 'type') && Object.keys(controller).length > 0) {
      throw invalid('You may not provide the `type` parameter and `controller` parameters simultaneously.', {
        param: 'type',
      })
    }
    const asked = recordAt(form, 'capabilities')
    const capabilities = Object.fromEntries(
      Object.keys(asked)
        .filter((name) => textAt(recordAt(asked, name), 'requested') === 'true')
        .map((name) => [name, 'inactive' as const])
    )
    const account: ConnectedAccount = {
      ...accountOf(this.#id('acct_', 16), this.platform.now(), metadataAt(form, 'metadata')),
      email: textAt(form, 'email'),
      country: textAt(form, 'country') ?? 'FR',
      capabilities,
      requirements: requirementsOf(AT_FIRST, { disabled_reason: 'requirements.past_due' }),
    }
    this.platform.connectedAccounts.set(account.id, account)
    this.#updated(account)
    return account
  }

  /** POST /v1/account_links */
  link(form: FormRecord) {
    const need = (name: string) => {
      const value = textAt(form, name)
      if (!value) throw missingParameter(name)
      return value
    }
    const account = need('account')
    if (need('type') !== 'account_onboarding') {
      throw invalid('This simulator only takes `type: account_onboarding`.', { param: 'type' })
    }
    const [returnUrl, refreshUrl] = [need('return_url'), need('refresh_url')]
    if (!this.platform.connected(account).controller) {
      throw invalid('You do not have the required permissions to create an account link for this account.')
    }
    const path = `/setup/c/${account}/${randomText(this.platform.random, 20)}`
    const created = this.platform.now()
    const expiresAt = created + LINK_SECONDS
    this.links.set(path, { account, returnUrl, refreshUrl, expiresAt, state: 'new' })
    return {
      object: 'account_link' as const,
      created,
      expires_at: expiresAt,
      url: this.platform.baseUrl() + path,
    }
  }

  /** Opens the page of a link, or null when it has been visited, has expired, or its account is gone. */
  open(path: string): { account: ConnectedAccount; link: Link } | null {
    const link = this.links.get(path)
    const account = link && this.platform.connectedAccounts.get(link.account)
    if (!account || link.state !== 'new' || link.expiresAt <= this.platform.now()) return null
    link.state = 'open'
    return { account, link }
  }

  /** Sends the form of an open page. */
  submit(
    path: string,
    form: FormRecord
  ): { account: ConnectedAccount; link: Link; problem: string | null } | null {
    const link = this.links.get(path)
    const account = link && this.platform.connectedAccounts.get(link.account)
    if (!account || link.state !== 'open') return null
    const done = { account, link }
    if (textAt(form, 'act') === 'later') {
      link.state = 'used'
      return { ...done, problem: null }
    }
    const iban = (textAt(form, 'iban') ?? '').replace(/\s/g, '').toUpperCase()
    if (!/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(iban)) return { ...done, problem: 'Cet IBAN est incomplet.' }
    if (textAt(form, 'terms') !== 'yes')
      return { ...done, problem: 'Acceptez les conditions pour continuer.' }
    link.state = 'used'
    account.details_submitted = true
    if (iban === REVIEWED_IBAN) this.review(account.id)
    else this.approve(account.id)
    return { ...done, problem: null }
  }

  /** Everything is given and found right. */
  approve(id: string) {
    this.#change(id, requirementsOf([]), true)
  }

  /** Everything is given, and Stripe looks at it. */
  review(id: string) {
    const looking = {
      disabled_reason: 'requirements.pending_verification',
      pending_verification: [PROOF],
    } as const
    this.#change(id, { ...requirementsOf([]), ...looking, pending_verification: [PROOF] }, false)
  }

  /** Stripe asks for one thing more, before a date; the account works meanwhile. */
  askFor(id: string, requirement: string, deadline: number) {
    this.#change(id, requirementsOf([requirement], { current_deadline: deadline }), true)
  }

  /** It stops: until something is given, or for good. */
  restrict(
    id: string,
    reason: 'requirements.past_due' | 'rejected.fraud' | 'under_review' = 'requirements.past_due'
  ) {
    const wanted = reason === 'requirements.past_due' ? [PROOF] : []
    this.#change(id, requirementsOf(wanted, { past_due: wanted, disabled_reason: reason }), false)
  }

  /** The creditor takes its account away from the platform. */
  deauthorize(id: string) {
    this.platform.connectedAccounts.delete(id)
    const application = { id: 'ca_simulator', object: 'application' as const, name: 'Amiable' }
    this.platform.emit('account.application.deauthorized', application, id)
  }

  #change(id: string, requirements: NonNullable<ConnectedAccount['requirements']>, enabled: boolean) {
    const account = this.platform.connected(id)
    Object.assign(account, { requirements, charges_enabled: enabled, payouts_enabled: enabled })
    const state = enabled ? ('active' as const) : ('inactive' as const)
    account.capabilities = Object.fromEntries(
      Object.keys(account.capabilities ?? {}).map((name) => [name, state])
    )
    this.#updated(account)
  }

  #updated(account: ConnectedAccount) {
    this.platform.emit('account.updated', account, account.id)
  }

  #id(prefix: string, length: number) {
    return prefix + randomText(this.platform.random, length)
  }
}

/** An account as it is when it has just been made. */
export const accountOf = (
  id: string,
  now: number,
  metadata: Record<string, string> = {}
): ConnectedAccount => ({
  id,
  object: 'account',
  created: now,
  country: 'FR',
  email: null,
  metadata,
  charges_enabled: false,
  payouts_enabled: false,
  details_submitted: false,
  capabilities: {},
  controller: { type: 'application', is_controller: true },
  requirements: requirementsOf([]),
})

const requirementsOf = (
  due: string[],
  more: Partial<NonNullable<ConnectedAccount['requirements']>> = {}
): NonNullable<ConnectedAccount['requirements']> => ({
  alternatives: [],
  current_deadline: null,
  currently_due: due,
  disabled_reason: null,
  errors: [],
  eventually_due: due,
  past_due: [],
  pending_verification: [],
  ...more,
})
