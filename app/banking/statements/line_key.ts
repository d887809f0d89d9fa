import { sha256 } from '#shared/files'
import type { ReadLine } from '#banking/statements/statement'

/**
 * The key of each line, the same in every file that tells it (rule 31). A bank's own reference
 * names a movement with its account, amount and day. Without one a line is named by all it says
 * and by its rank among the identical lines of its day: two identical transfers of a day both
 * count, and files that overlap count them once.
 */
export function lineKeys(lines: readonly ReadLine[]): string[] {
  const ranks = new Map<string, number>()
  return lines.map((line) => {
    const place = [line.account, line.bookedOn, line.amountCents]
    if (line.bankReference) return sha256(JSON.stringify(['reference', line.bankReference, ...place]))
    const words = [
      line.valueOn,
      line.label,
      line.counterparty,
      line.counterpartyIban,
      line.reference,
      line.endToEndId,
      line.operation,
      line.isReturn,
    ]
    const named = JSON.stringify(['words', ...place, ...words])
    const rank = (ranks.get(named) ?? 0) + 1
    ranks.set(named, rank)
    return sha256(`${named} ${rank}`)
  })
}
