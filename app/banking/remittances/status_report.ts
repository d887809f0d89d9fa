import { DamagedText } from '#shared/damaged_text'
import { XmlScanner } from '#shared/xml'
import { UnreadableStatement } from '#banking/statements/statement'
import { NodeBuilder, type XmlNode } from '#banking/statements/xml_nodes'

/** What the bank says of an order: the reason for which all of it is refused, or each transfer that is. */
export type StatusReport = { orderRef: string; whole: string | null; byTransfer: Map<string, string> }

const PARTS = ['OrgnlGrpInfAndSts', 'OrgnlPmtInfAndSts']
const REASON_LENGTH = 200

/**
 * Reads a pain.002 of any version. Only what is rejected matters: the rest is on its way, and the
 * bank's statement says when it left.
 *
 * @throws {UnreadableStatement} when it is not one, or names no order
 */
export function readStatusReport(bytes: Buffer): StatusReport {
  const parts = partsOf(bytes.toString('utf8').replace(/^\ufeff/, ''))
  const group = parts.find(({ name }) => name === 'OrgnlGrpInfAndSts')
  const orderRef = group?.textAt('OrgnlMsgId')
  if (!group || !orderRef) throw new UnreadableStatement('not_pain002')
  const batches = parts.filter(({ name }) => name === 'OrgnlPmtInfAndSts')
  const whole = [group, ...batches].find((part) => isRejected(part, 'GrpSts', 'PmtInfSts'))
  const byTransfer = new Map<string, string>()
  for (const transfer of batches.flatMap((batch) => batch.all('TxInfAndSts'))) {
    const ref = transfer.textAt('OrgnlEndToEndId') ?? transfer.textAt('OrgnlInstrId')
    if (ref && isRejected(transfer, 'TxSts')) byTransfer.set(ref, reasonOf(transfer))
  }
  return { orderRef, whole: whole ? reasonOf(whole) : null, byTransfer }
}

function partsOf(text: string): XmlNode[] {
  const path: string[] = []
  const nodes = new NodeBuilder()
  const found: XmlNode[] = []
  const scanner = new XmlScanner({
    open(name, attributes) {
      const depth = path.push(name)
      if (depth === 2 && name !== 'CstmrPmtStsRpt') throw new UnreadableStatement('not_pain002', null, name)
      if (!nodes.building && !(depth === 3 && PARTS.includes(name))) return
      if (!nodes.open(name, attributes)) throw new UnreadableStatement('too_many_lines')
    },
    close(name) {
      if (path.pop() !== name) throw new UnreadableStatement('damaged_xml', null, name)
      const node = nodes.building ? nodes.close() : null
      if (node) found.push(node)
    },
    text: (raw) => nodes.text(raw),
  })
  try {
    scanner.feed(text)
    scanner.end()
  } catch (error) {
    if (error instanceof DamagedText) throw new UnreadableStatement('not_pain002', null, error.message)
    throw error
  }
  return found
}

const isRejected = (node: XmlNode, ...statuses: string[]) =>
  statuses.some((status) => node.textAt(status) === 'RJCT')

/** The bank's code and words: `AC04 Compte clos`. */
function reasonOf(node: XmlNode): string {
  const reason = node.at('StsRsnInf')
  const words = reason?.all('AddtlInf').map(({ value }) => value) ?? []
  const code = reason?.textAt('Rsn', 'Cd') ?? reason?.textAt('Rsn', 'Prtry')
  return [code, ...words].filter(Boolean).join(' ').slice(0, REASON_LENGTH) || 'RJCT'
}
