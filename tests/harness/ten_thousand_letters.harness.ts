import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BatchLetter } from '#letters/queries/batch_letters'
import { between, seeded } from '#tests/fakes/stripe/random'
import type { Harness } from '#tests/harness/harness'
import { startApplication } from '#tests/harness/application'
import type { Expected } from '#tests/harness/letters/check'

const AT = '2026-11-17T09:00:00.000Z'

/** Letters read together by the tools, in one file as D11 makes it. */
const PER_FILE = 100

/** Of the letters, one in so many is also checked as the file of its own. */
const ALONE = 20

/**
 * Letters of generated claims, written by the real path and read back by tools that are not ours: sums
 * to the cent against the ledger, each mention of R124-4, L111-8 byte for byte, the window, the fonts,
 * the syntax. Part paid and credited files are among them.
 */
export default {
  short: 60,
  long: 10_000,
  async run({ seed, size }) {
    const application = await startApplication()
    const { clock } = await import('#shared/clock')
    const { generateClaims } = await import('#tests/harness/letters/generate')
    const startedAt = performance.now()
    await clock.at(AT, async () => {
      await generateClaims(size, seed)
      await takeSomeOff(size, seed)
    })
    const generatedAt = performance.now()
    const { letters, leftOut } = await clock.at(AT, () => writeAll(size))
    const writtenAt = performance.now()
    const problems = await readAll(letters)
    for (const { ref, reason } of leftOut) {
      if (reason !== 'nothing_due' || (await isOwed(ref))) problems.push(`${ref} was not written: ${reason}`)
    }
    const readAt = performance.now()
    const { closePrinter } = await import('#letters/rendering/printer')
    await closePrinter()
    await application.stop()
    const seconds = (from: number, to: number) => Math.round((to - from) / 100) / 10
    return {
      problems,
      failures: problems.length,
      letters: letters.length,
      pages: letters.reduce((sum, { pages }) => sum + pages!, 0),
      lettersPerSecond: Math.round((letters.length / (writtenAt - generatedAt)) * 10_000) / 10,
      generateSeconds: seconds(startedAt, generatedAt),
      writeSeconds: seconds(generatedAt, writtenAt),
      readSeconds: seconds(writtenAt, readAt),
    }
  },
} satisfies Harness

/** Payments and credit notes by the ways that staff have, on one file in twenty, a few hundred at most. */
async function takeSomeOff(size: number, seed: number) {
  const { default: Claim } = await import('#claims/models/claim')
  const { default: RecordCreditNote } = await import('#claims/actions/record_credit_note')
  const { ReceivePayment } = await import('#payments/actions/receive_payment')
  const { givenUser } = await import('#tests/fixtures/domain')
  const random = seeded(seed + 1)
  const by = await givenUser('admin', { password: null })
  for (let count = Math.min(300, Math.ceil(size / 20)); count > 0; count--) {
    const claim = await Claim.findOrFail(between(random, 1, size))
    const part = Math.max(1, Math.floor(claim.dueCents * random() * 0.4))
    const on = `2026-11-${String(between(random, 1, 16)).padStart(2, '0')}`
    if (count % 3 === 0) {
      const note = { number: `AV-${count}`, issuedOn: on, amountCents: part, invoiceId: null }
      await new RecordCreditNote().handle({ claim, ...note, by })
    } else {
      const money = {
        source: `manual:${count}`,
        method: 'cheque' as const,
        amountCents: part,
        receivedOn: on,
      }
      await new ReceivePayment().handle({ claimId: claim.id, ...money })
    }
  }
}

async function writeAll(size: number) {
  const { CreateBatch } = await import('#letters/batches/create_batch')
  const { WorkBatches } = await import('#letters/batches/work_batches')
  const { batchLetters, splitOf } = await import('#letters/queries/batch_letters')
  const { selectLetters } = await import('#letters/queries/letter_selection')
  const letters = await selectLetters({ matching: { state: 'queued' } })
  const options = { duplex: false, addressSheets: false, userId: null }
  const batch = await new CreateBatch().handle({ letters, ...options })
  let done = 0
  const onRendered = (count: number) => {
    if (Math.floor((done + count) / 500) > Math.floor(done / 500)) console.error(`${done + count} / ${size}`)
    done += count
  }
  await new WorkBatches().handle({ batchId: batch.id, onRendered })
  const { printed, leftOut } = splitOf(await batchLetters(batch.id))
  return { letters: printed, leftOut }
}

async function readAll(letters: BatchLetter[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'amiable-thousands-'))
  const files = Array.from({ length: Math.ceil(letters.length / PER_FILE) }, (_, index) =>
    letters.slice(index * PER_FILE, (index + 1) * PER_FILE)
  )
  const problems: string[] = []
  const lane = async () => {
    for (let file = files.shift(); file; file = files.shift())
      problems.push(...(await readFileOf(file, folder)))
  }
  await Promise.all([lane(), lane()])
  await rm(folder, { recursive: true })
  return problems
}

async function readFileOf(letters: BatchLetter[], folder: string): Promise<string[]> {
  const { foreignFonts, qpdfProblem, readPages } = await import('#tests/harness/letters/readers')
  const { problemsOf } = await import('#tests/harness/letters/check')
  const { letterFile } = await import('#letters/letter_file')
  const path = join(folder, `${letters[0]!.ref}.pdf`)
  await pipeline(Readable.from(letterFile(letters, { title: 'x', duplex: false })), createWriteStream(path))
  const pages = await readPages(path)
  const expected = await expectedOf(letters)
  const problems: string[] = []
  let first = 0
  for (const letter of letters) {
    problems.push(...problemsOf(pages.slice(first, first + letter.pages!), expected.get(letter.id)!))
    first += letter.pages!
  }
  if (first !== pages.length) problems.push(`${pages.length} pages for letters of ${first}`)
  problems.push(...(await wrongFile(path)))
  for (const letter of letters.filter(({ id }) => id % ALONE === 0))
    problems.push(...(await wrongAlone(letter, folder)))
  await rm(path)
  return problems

  async function wrongFile(file: string): Promise<string[]> {
    const found = [await qpdfProblem(file), ...(await foreignFonts(file))]
    return found.flatMap((problem) => (problem ? [`${file}: ${problem}`] : []))
  }

  async function wrongAlone({ ref, fileSha256 }: BatchLetter, at: string): Promise<string[]> {
    const { readStoredFile } = await import('#shared/files')
    const own = join(at, `${ref}-alone.pdf`)
    await writeFile(own, await readStoredFile(fileSha256!))
    const found = await wrongFile(own)
    await rm(own)
    return found
  }
}

/** From the tables, by queries of this harness alone. */
async function expectedOf(letters: BatchLetter[]): Promise<Map<number, Expected>> {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const ids = letters.map(({ id }) => id)
  const agency = await db.from('agencies').firstOrFail()
  const mandates = await db.from('mandates')
  const rows = await db
    .from('letters')
    .join('claims', 'claims.id', 'letters.claim_id')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .join('creditors', 'creditors.id', 'claims.creditor_id')
    .join('addresses', 'addresses.debtor_id', 'debtors.id')
    .leftJoin('template_versions as versions', 'versions.id', 'letters.template_version_id')
    .leftJoin('letter_templates as templates', 'templates.id', 'versions.template_id')
    .whereIn('letters.id', ids)
    .select('letters.*', 'claims.ref as claim_ref', 'claims.kind as debtor_kind', 'claims.creditor_id')
    .select(
      'creditors.name',
      'creditors.professional',
      'creditors.address_lines',
      'addresses.postcode',
      'addresses.city'
    )
    .select('templates.language')
  const invoices = await owedByInvoice(rows.map(({ claim_id: id }) => Number(id)))
  return new Map(
    rows.map((row) => {
      const owed = (invoices.get(Number(row.claim_id)) ?? []).filter(({ due_on: on }) => on < row.dated_on)
      return [
        Number(row.id),
        {
          ref: row.ref,
          claimRef: row.claim_ref,
          language: row.language ?? 'fr',
          kind: row.debtor_kind,
          agency: { name: agency.name, addressLines: linesOf(agency.address_lines) },
          creditor: { name: row.name, addressLines: linesOf(row.address_lines) },
          mandateSignedOn: mandates.find(({ creditor_id: id }) => id === row.creditor_id).signed_on,
          datedOn: row.dated_on,
          iban: agency.dedicated_iban,
          postcode: row.postcode,
          city: row.city,
          totalCents: Number(row.total_cents),
          principals: new Map(
            owed.flatMap(({ number, cents }) => (Number(cents) > 0 ? [[number, Number(cents)]] : []))
          ),
          indemnityCents:
            row.debtor_kind === 'b2b' && row.professional
              ? owed.reduce((sum, one) => sum + indemnityOf(one), 0)
              : 0,
        },
      ]
    })
  )
}

const linesOf = (stored: string | string[]): string[] =>
  typeof stored === 'string' ? JSON.parse(stored) : stored

interface OwedInvoice {
  claim_id: number
  number: string
  number_count: number
  due_on: string
  cents: number
  /** What was left of it on the day after its due date, without what the creditor took back since. */
  late_cents: number
  indemnity_paid: number
}

/** Rule 22: none for what was paid in time, or taken back in full. */
const indemnityOf = (invoice: OwedInvoice) =>
  Number(invoice.late_cents) > 0 ? 4000 * invoice.number_count - Number(invoice.indemnity_paid) : 0

/** Whether the ledger still has something that fell due on the file of a letter. */
async function isOwed(letterRef: string): Promise<boolean> {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const { claim_id: id, dated_on: on } = await db.from('letters').where('ref', letterRef).firstOrFail()
  const invoices = (await owedByInvoice([Number(id)])).get(Number(id)) ?? []
  return invoices.some(({ due_on: dueOn, cents }) => dueOn < on && Number(cents) > 0)
}

async function owedByInvoice(claimIds: number[]) {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const rows: OwedInvoice[] = await db
    .from('invoices')
    .join('postings', 'postings.invoice_id', 'invoices.id')
    .whereIn('invoices.claim_id', claimIds)
    .groupBy('invoices.id')
    .orderBy('invoices.id')
    .select('invoices.claim_id', 'invoices.number', 'invoices.number_count', 'invoices.due_on')
    .select(
      db.raw(`sum(case when debit_account = 'claim_principal' then postings.amount_cents
        when credit_account = 'claim_principal' then -postings.amount_cents else 0 end) as cents`)
    )
    .select(
      db.raw(`sum(case when kind = 'opening' then postings.amount_cents
        when credit_account = 'claim_principal' and (kind = 'reversal' or effective_on <= invoices.due_on)
          then -postings.amount_cents else 0 end) as late_cents`)
    )
    .select(
      db.raw(
        `sum(case when credit_account = 'claim_indemnity' then postings.amount_cents else 0 end) as indemnity_paid`
      )
    )
  return Map.groupBy(rows, ({ claim_id: id }) => Number(id))
}
