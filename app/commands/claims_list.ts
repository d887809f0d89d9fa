import { writeFile } from 'node:fs/promises'
import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'
import type { ClaimFilters, ClaimListItem } from '#claims/queries/claim_list'
import type { ClaimStatus } from '#claims/models/claim'

/** The list of files with the filters of the page (C7), on the terminal, as JSON or as CSV (C8). */
export default class ClaimsList extends AmiableCommand {
  static override commandName = 'claims:list'
  static override description = 'List the files, filtered; --csv writes them to a file'

  @flags.string({ description: 'new, active, paused, disputed, paid or closed' })
  declare status?: string

  @flags.string({ description: 'Reference of a creditor, for example C-00001' })
  declare creditor?: string

  @flags.string({ description: 'Oldest due date from this day on (YYYY-MM-DD)' })
  declare from?: string

  @flags.string({ description: 'Oldest due date up to this day (YYYY-MM-DD)' })
  declare to?: string

  @flags.string({ description: 'Principal due at least this many euros' })
  declare min?: string

  @flags.string({ description: 'Principal due at most this many euros' })
  declare max?: string

  @flags.string({ description: 'File or invoice number, name, email, SIREN or amount' })
  declare q?: string

  @flags.string({ description: 'Write the list to this CSV file' })
  declare csv?: string

  override async run() {
    const { ClaimList } = await import('#claims/queries/claim_list')
    const list = new ClaimList(await this.filters())
    const total = await list.count()
    if (this.csv) return this.writeCsv(this.csv, list, total)

    const claims: ReturnType<typeof contractShape>[] = []
    for await (const items of list.slices()) claims.push(...items.map(contractShape))
    this.answer(
      { total, claims },
      claims.map((claim) => `${claim.ref}  ${claim.status.padEnd(8)}  ${claim.debtor}`)
    )
  }

  private async writeCsv(
    path: string,
    list: InstanceType<typeof import('#claims/queries/claim_list').ClaimList>,
    total: number
  ) {
    const { default: i18nManager } = await import('@adonisjs/i18n/services/main')
    const { claimsCsv } = await import('#claims/claims_csv')
    const pieces: string[] = []
    for await (const piece of claimsCsv(list, i18nManager.locale('fr'))) pieces.push(piece)
    await writeFile(path, pieces.join('')).catch((error: Error) =>
      this.refuse(`${path} cannot be written: ${error.message}`)
    )
    this.answer({ total, claims: [], csv: path }, `${total} files written to ${path}`)
  }

  private async filters(): Promise<ClaimFilters> {
    const { CLAIM_STATUSES } = await import('#claims/models/claim')
    if (this.status && !CLAIM_STATUSES.includes(this.status as ClaimStatus)) {
      this.refuse(`--status takes one of ${CLAIM_STATUSES.join(', ')}, not "${this.status}"`)
    }
    return {
      status: this.status as ClaimStatus | undefined,
      creditorId: await this.creditorId(),
      from: this.from && this.day('from', this.from),
      to: this.to && this.day('to', this.to),
      minCents: await this.cents('min', this.min),
      maxCents: await this.cents('max', this.max),
      q: this.q,
    }
  }

  private async creditorId(): Promise<number | undefined> {
    if (!this.creditor) return undefined
    const { default: Creditor } = await import('#creditors/models/creditor')
    const creditor = await Creditor.findBy('ref', this.creditor)
    return creditor?.id ?? this.refuse(`No creditor has the reference "${this.creditor}"`)
  }

  private async cents(flag: string, typed: string | undefined): Promise<number | undefined> {
    if (typed === undefined) return undefined
    const { parseEuros } = await import('#shared/money')
    return parseEuros(typed) ?? this.refuse(`--${flag} takes an amount in euros, not "${typed}"`)
  }
}

const contractShape = (item: ClaimListItem) => ({
  ref: item.ref,
  status: item.status,
  creditor: item.creditorRef,
  debtor: item.debtor,
  kind: item.kind,
  dueCents: item.dueCents,
  paidCents: item.paidCents,
  principalCents: item.principalCents,
  invoices: item.invoices,
  oldestDueOn: item.oldestDueOn,
  daysOverdue: item.daysOverdue,
  option: item.option,
})
