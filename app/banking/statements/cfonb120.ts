import { isUtf8 } from 'node:buffer'
import { isValidIBAN } from 'ibantools'
import { isCivilDate, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { readOverpunch } from '#banking/statements/overpunch'
import {
  said,
  UnreadableStatement,
  type ReadBalance,
  type ReadLine,
  type ReadPart,
} from '#banking/statements/statement'

const WIDTH = 120
const MOVEMENT = '04'

/** An account between its two balances. */
type Account = { number: string; balanceCents: Cents; opening: ReadBalance }

/** A movement and what its complements add. */
type Movement = { head: string; complements: string[]; at: number; amountCents: Cents }

/**
 * Reads a CFONB 120 statement: for each account an old balance (01), movements (04) with their
 * complements (05), a new balance (07) that must be the old one and the movements.
 *
 * @throws {UnreadableStatement} with the number of the line
 */
export function* readCfonb120(bytes: Buffer): Generator<ReadPart> {
  let account: Account | null = null
  let movement: Movement | null = null
  let at = 0
  for (const line of linesOf(bytes)) {
    at += 1
    // Rule 59.
    if (line.length !== WIDTH) throw new UnreadableStatement('line_length', at, String(line.length))
    const code = line.slice(0, 2)
    if (code === '05') {
      if (!movement) throw new UnreadableStatement('line_order', at, code)
      checkAccount(line, account!, at)
      movement.complements.push(line)
      continue
    }
    if (movement) yield lineOf(movement, account!)
    movement = null
    if (code === '01') {
      if (account) throw new UnreadableStatement('line_order', at, code)
      const opening = balanceOf(line, at)
      account = { number: accountOf(line), balanceCents: opening.cents, opening }
    } else if (code === MOVEMENT) {
      if (!account) throw new UnreadableStatement('line_order', at, code)
      checkAccount(line, account, at)
      movement = { head: line, complements: [], at, amountCents: amountOf(line, at) }
      account.balanceCents += movement.amountCents
    } else if (code === '07') {
      if (!account) throw new UnreadableStatement('line_order', at, code)
      checkAccount(line, account, at)
      const closing = balanceOf(line, at)
      const gap = closing.cents - account.balanceCents
      if (gap !== 0) throw new UnreadableStatement('balance_differs', at, String(gap))
      yield { account: account.number, opening: account.opening, closing }
      account = null
    } else throw new UnreadableStatement('line_code', at, code)
  }
  if (at === 0) throw new UnreadableStatement('empty')
  if (account) throw new UnreadableStatement('balance_missing', at)
}

/** ASCII or Latin-1, or UTF-8 from a tool that has changed it; CRLF or LF. Only the end of the file may be blank. */
function* linesOf(bytes: Buffer): Generator<string> {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  let end = bytes.byteLength
  while (end > 0 && [0x0a, 0x0d, 0x1a].includes(bytes[end - 1]!)) end--
  for (let from = 0; from < end;) {
    const newline = bytes.indexOf(0x0a, from)
    const to = newline === -1 || newline > end ? end : newline
    const text = bytes.toString(encoding, from, to).replace(/^\ufeff/, '')
    yield text.endsWith('\r') ? text.slice(0, -1) : text
    from = to + 1
  }
}

/** Bank, branch and number, 21 characters, as in the French IBAN. */
const accountOf = (line: string) => line.slice(2, 7) + line.slice(11, 16) + line.slice(21, 32)

function checkAccount(line: string, account: Account, at: number) {
  if (accountOf(line) !== account.number) {
    throw new UnreadableStatement('account_differs', at, line.slice(21, 32))
  }
}

function amountOf(line: string, at: number): Cents {
  const currency = line.slice(16, 19)
  if (currency !== 'EUR') throw new UnreadableStatement('currency', at, currency)
  const decimals = line[19] === ' ' ? 2 : Number(line[19])
  const text = line.slice(90, 104)
  const amountCents = Number.isInteger(decimals) ? readOverpunch(text, decimals) : null
  if (amountCents === null) throw new UnreadableStatement('amount_invalid', at, text)
  return amountCents
}

const balanceOf = (line: string, at: number): ReadBalance => ({
  on: dateOf(line.slice(34, 40), at),
  cents: amountOf(line, at),
})

function dateOf(text: string, at: number): CivilDate {
  const date = `20${text.slice(4, 6)}-${text.slice(2, 4)}-${text.slice(0, 2)}`
  if (!/^\d{6}$/.test(text) || !isCivilDate(date)) throw new UnreadableStatement('date_invalid', at, text)
  return date
}

function lineOf({ head, complements, at, amountCents }: Movement, { number }: Account): ReadLine {
  const added = (...qualifiers: string[]) =>
    qualifiers.flatMap((qualifier) =>
      complements.filter((line) => line.slice(45, 48) === qualifier).map((line) => line.slice(48, 118))
    )
  const value = head.slice(42, 48)
  const reject = head.slice(40, 42).trim()
  return {
    account: number,
    bookedOn: dateOf(head.slice(34, 40), at),
    valueOn: /^[\s0]*$/.test(value) ? null : dateOf(value, at),
    amountCents,
    chargesCents: 0,
    label: labelOf(head, added),
    counterparty: said((amountCents > 0 ? added('NPY', 'NPO') : added('NBE', 'NBU'))[0]),
    counterpartyIban: ibanOf(amountCents > 0 ? added('IPY', 'IPO') : added('IBE', 'CBE')),
    reference: said(added('LCS')[0]?.slice(0, 35)),
    endToEndId: said(added('RCN')[0]?.slice(0, 35)),
    bankReference: null,
    operation: said(`${head.slice(32, 34)} ${head.slice(7, 11)}`),
    isReturn: reject !== '' && reject !== '00',
    isBatch: false,
    raw: [head, ...complements].join('\n'),
  }
}

/** The label, then what the payer wrote: LCC goes on in LC2 without a space. */
function labelOf(head: string, added: (...qualifiers: string[]) => string[]): string {
  const written = [...added('LCC'), ...added('LC2')].join('')
  const reference = head.slice(81, 88)
  const parts = [head.slice(48, 79), ...added('LIB'), written, head.slice(104, 120), reference]
  return parts.flatMap((part) => said(part) ?? []).join(' ')
}

function ibanOf(texts: string[]): string | null {
  const found = texts.flatMap((text) => text.trim().split(/\s+/)).find((word) => isValidIBAN(word))
  return found ?? null
}
