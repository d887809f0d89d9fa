import { electronicFormatIBAN } from 'ibantools'
import { DamagedText } from '#shared/damaged_text'
import { sum, type Cents } from '#shared/money'
import { XmlScanner, attribute } from '#shared/xml'
import { CamtPeriod, isPartOfMore } from '#banking/statements/camt053_period'
import { amountOf, dateOf } from '#banking/statements/camt053_values'
import { said, UnreadableStatement, type ReadLine, type ReadPart } from '#banking/statements/statement'
import { NodeBuilder, type XmlNode } from '#banking/statements/xml_nodes'

const PIECE_BYTES = 64 * 1024

/** Other messages of the bank are not statements: camt.052 tells the day so far, camt.054 notices. */
const OTHER_MESSAGE = /[a-z]{4}\.(?!053)\d{3}\.\d{3}\.\d{2}/

/**
 * Reads a camt.053 statement of any version, entry by entry: only those that are booked, each
 * payment of a batch as a line of its own when the file tells them apart. After the lines of each
 * account come its balances, which must be apart by what the lines sum to.
 *
 * @throws {UnreadableStatement} with the number of the entry
 */
export function* readCamt053(bytes: Buffer): Generator<ReadPart> {
  const entries = new EntryReader()
  for (const text of textOf(bytes)) yield* entries.feed(text)
  entries.end()
}

/** In pieces; the encoding is the one the document declares. */
function* textOf(bytes: Buffer): Generator<string> {
  const declared = /^[^<]{0,3}<\?xml[^>]*encoding=["']([\w.-]+)["']/.exec(
    bytes.toString('latin1', 0, 200)
  )?.[1]
  const encoding = bytes[0] === 0xff ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : (declared ?? 'utf-8')
  try {
    const decoder = new TextDecoder(encoding, { fatal: true })
    for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) {
      yield decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true })
    }
    yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      throw new UnreadableStatement('encoding', null, encoding)
    }
    throw error
  }
}

class EntryReader {
  #path: string[] = []
  #nodes = new NodeBuilder()
  #account = ''
  #entries = 0
  #parts: ReadPart[] = []
  #inPages = false
  #period = new CamtPeriod()
  #statements = 0

  #scanner = new XmlScanner({
    open: (name, attributes) => this.#open(name, attributes),
    close: (name) => this.#close(name),
    text: (raw) => this.#nodes.text(raw),
  })

  feed(text: string): ReadPart[] {
    this.#guard(() => this.#scanner.feed(text))
    return this.#parts.splice(0)
  }

  end() {
    this.#guard(() => this.#scanner.end())
    if (this.#statements === 0) throw new UnreadableStatement('empty')
  }

  #guard(work: () => void) {
    try {
      work()
    } catch (error) {
      if (!(error instanceof DamagedText)) throw error
      const code = error.message === 'document type' ? 'doctype' : 'damaged_xml'
      throw new UnreadableStatement(code, this.#entries || null, error.message)
    }
  }

  #open(name: string, attributes: string) {
    const depth = this.#path.push(name)
    if (depth === 1) checkRoot(name, attributes)
    if (depth === 2 && name !== 'BkToCstmrStmt') throw new UnreadableStatement('not_camt053', null, name)
    if (depth === 3 && name === 'Stmt') {
      this.#account = ''
      this.#statements += 1
      this.#period = new CamtPeriod(this.#inPages)
    }
    const wanted = depth === 4 && WANTED[this.#path[2]!]?.includes(name)
    if (!wanted && !this.#nodes.building) return
    if (wanted && name === 'Ntry') this.#entries += 1
    if (!this.#nodes.open(name, attributes)) {
      throw new UnreadableStatement('too_many_lines', this.#entries, name)
    }
  }

  #close(name: string) {
    if (this.#path.pop() !== name) throw new UnreadableStatement('damaged_xml', this.#entries || null, name)
    const node = this.#nodes.building ? this.#nodes.close() : null
    if (node) this.#read(node)
    else if (name === 'Stmt' && this.#path.length === 2) {
      this.#parts.push(...this.#period.close(this.#account, this.#entries || null))
    }
  }

  #read(node: XmlNode) {
    if (node.name === 'Acct') this.#account = accountOf(node)
    else if (node.name === 'Ntry') {
      const lines = linesOf(node, this.#account, this.#entries)
      this.#period.moved(lines)
      this.#parts.push(...lines)
    } else if (node.name === 'MsgPgntn') this.#inPages = isPartOfMore(node)
    else this.#period.read(node)
  }
}

/** What is read, by what holds it. */
const WANTED: Record<string, readonly string[]> = {
  GrpHdr: ['MsgPgntn'],
  Stmt: ['Acct', 'StmtPgntn', 'Bal', 'Ntry'],
}

function checkRoot(name: string, attributes: string) {
  const namespaces = [...attributes.matchAll(/xmlns(?::[\w.-]+)?/g)].map(
    ([declared]) => attribute(attributes, declared) ?? ''
  )
  const other = namespaces.flatMap((namespace) => OTHER_MESSAGE.exec(namespace)?.[0] ?? [])[0]
  if (name !== 'Document' || other) throw new UnreadableStatement('not_camt053', null, other ?? name)
}

const accountOf = (account: XmlNode) =>
  account.textAt('Id', 'IBAN') ?? account.textAt('Id', 'Othr', 'Id') ?? ''

/** Nothing for what is not booked: money on its way is no money. */
function linesOf(entry: XmlNode, account: string, at: number): ReadLine[] {
  const status = entry.textAt('Sts', 'Cd') ?? entry.textAt('Sts')
  if (status !== null && status !== 'BOOK') return []
  const common = entryFacts(entry, account, at)
  const details = entry.all('NtryDtls').flatMap((one) => one.all('TxDtls'))
  const parts = details.length > 1 ? partsOf(details, common, at) : null
  if (parts) {
    const head = entry.toXml('NtryDtls')
    const references = ownReferences(details)
    return details.map((detail, index) => ({
      ...common,
      amountCents: parts[index]!,
      ...detailFacts(detail, parts[index]!, common.isReturn),
      bankReference: references[index]!,
      label: labelOf([detail]) || common.label,
      raw: head.replace(/<\/Ntry>$/, `<NtryDtls>${detail.toXml()}</NtryDtls></Ntry>`),
    }))
  }
  const counted = Number(entry.textAt('NtryDtls', 'Btch', 'NbOfTxs') ?? 1)
  const alone = details.length === 1 ? detailFacts(details[0]!, common.amountCents, common.isReturn) : {}
  return [
    {
      ...common,
      ...alone,
      bankReference: common.bankReference ?? said(details[0]?.textAt('Refs', 'AcctSvcrRef')),
      chargesCents: common.chargesCents || chargesOf(details[0] ?? entry, at),
      label: labelOf(details) || common.label,
      isBatch: details.length > 1 || counted > 1,
      raw: entry.toXml(),
    },
  ]
}

function entryFacts(entry: XmlNode, account: string, at: number): ReadLine {
  const reversal = /^(true|1)$/.test(entry.textAt('RvslInd') ?? '')
  return {
    account,
    bookedOn: dateOf(entry, 'BookgDt', at) ?? dateOf(entry, 'ValDt', at) ?? missing(at),
    valueOn: dateOf(entry, 'ValDt', at),
    amountCents: amountOf(entry.at('Amt'), entry.textAt('CdtDbtInd'), at),
    chargesCents: chargesOf(entry, at),
    label: entry.textAt('AddtlNtryInf') ?? '',
    counterparty: null,
    counterpartyIban: null,
    reference: null,
    endToEndId: null,
    bankReference: said(entry.textAt('AcctSvcrRef')),
    operation: operationOf(entry),
    isReturn: reversal,
    isBatch: false,
    raw: '',
  }
}

function missing(at: number): never {
  throw new UnreadableStatement('date_missing', at)
}

/** What one payment of an entry says of who, why and under which reference. */
function detailFacts(detail: XmlNode, amountCents: Cents, reversed: boolean) {
  const isReturn = reversed || detail.at('RtrInf') !== null
  // Of a transfer sent back, the debtor is still who first paid it.
  const [who, account] = amountCents > 0 || isReturn ? ['Dbtr', 'DbtrAcct'] : ['Cdtr', 'CdtrAcct']
  const parties = detail.at('RltdPties')
  const name =
    parties?.textAt(who!, 'Nm') ?? parties?.textAt(who!, 'Pty', 'Nm') ?? parties?.textAt(`Ultmt${who}`, 'Nm')
  const reference = detail
    .all('RmtInf')
    .flatMap((one) => one.all('Strd'))
    .map((one) => one.textAt('CdtrRefInf', 'Ref'))
    .find(Boolean)
  return {
    counterparty: said(name),
    counterpartyIban: said(electronicFormatIBAN(parties?.textAt(account!, 'Id', 'IBAN') ?? '')),
    reference: said(reference),
    endToEndId: said(detail.textAt('Refs', 'EndToEndId')),
    isReturn,
  }
}

/** Some banks repeat the entry's reference on each of its payments: it then names none of them. */
function ownReferences(details: XmlNode[]): (string | null)[] {
  const references = details.map((detail) => said(detail.textAt('Refs', 'AcctSvcrRef')))
  return new Set(references).size === details.length ? references : details.map(() => null)
}

/** What each payment of a batch is worth, or null when they do not make the entry. */
function partsOf(details: XmlNode[], entry: ReadLine, at: number): Cents[] | null {
  const sign = entry.amountCents < 0 ? 'DBIT' : 'CRDT'
  const parts: Cents[] = []
  for (const detail of details) {
    const amount =
      detail.at('Amt') ?? detail.at('AmtDtls', 'TxAmt', 'Amt') ?? detail.at('AmtDtls', 'InstdAmt', 'Amt')
    if (!amount || amount.attribute('Ccy') !== 'EUR') return null
    parts.push(amountOf(amount, detail.textAt('CdtDbtInd') ?? sign, at))
  }
  return sum(parts) === entry.amountCents ? parts : null
}

function labelOf(details: XmlNode[]): string {
  const texts = details.flatMap((detail) => {
    const written = detail.all('RmtInf').flatMap((one) => one.all('Ustrd').map((text) => text.value))
    const more = detail
      .all('RmtInf')
      .flatMap((one) => one.all('Strd').flatMap((strd) => strd.all('AddtlRmtInf').map((text) => text.value)))
    const all = [...written, ...more].filter(Boolean)
    return all.length > 0 ? all : [detail.textAt('AddtlTxInf') ?? '']
  })
  return texts.filter(Boolean).join(' ')
}

function operationOf(entry: XmlNode): string | null {
  const code = entry.at('BkTxCd')
  const domain = code?.at('Domn')
  const parts = [domain?.textAt('Cd'), domain?.textAt('Fmly', 'Cd'), domain?.textAt('Fmly', 'SubFmlyCd')]
  return said(domain ? parts.filter(Boolean).join(' ') : code?.textAt('Prtry', 'Cd'))
}

/** Version 2 has one or more `Chrgs/Amt`, later ones records and their total. */
function chargesOf(node: XmlNode, at: number): Cents {
  return sum(
    node.all('Chrgs').flatMap((charges) => {
      const total = charges.at('TtlChrgsAndTaxAmt')
      const amounts = total
        ? [total]
        : [...charges.all('Amt'), ...charges.all('Rcrd').flatMap((one) => one.all('Amt'))]
      return amounts.map((amount) => Math.abs(amountOf(amount, 'CRDT', at)))
    })
  )
}
