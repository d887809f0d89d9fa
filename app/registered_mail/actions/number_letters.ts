import Letter from '#letters/models/letter'
import { isRegisteredNumber, tidyRegisteredNumber } from '#letters/registered_number'
import type User from '#users/models/user'

export interface NumberedRow {
  ref: string
  /** As it was typed, scanned or pasted. */
  typed: string
}

/** Why a row was left as it is: a key of the `letters.numbers.errors` words. */
export type RowProblem =
  'registered_number' | 'number_taken' | 'number_twice' | 'unknown_letter' | 'not_printable' | 'with_provider'

export interface Numbered {
  done: string[]
  problems: Map<string, RowProblem>
}

/**
 * D12 for a pile of registered letters, each with the number on its slip. Each row is judged by
 * itself: the good ones are done, whatever is wrong with the others. The same number on two rows
 * is wrong on both, for nobody knows whose it is.
 */
export class NumberLetters {
  async handle({ rows, by }: { rows: readonly NumberedRow[]; by: User }): Promise<Numbered> {
    const filled = rows.flatMap(({ ref, typed }) => {
      const number = tidyRegisteredNumber(typed)
      return number ? [{ ref, number }] : []
    })
    const times = Map.groupBy(filled, ({ number }) => number)
    const outcome: Numbered = { done: [], problems: new Map() }
    for (const { ref, number } of filled) {
      const problem = !isRegisteredNumber(number)
        ? 'registered_number'
        : times.get(number)!.some((other) => other.ref !== ref)
          ? 'number_twice'
          : await post(ref, number, by)
      if (problem) outcome.problems.set(ref, problem)
      else outcome.done.push(ref)
    }
    return outcome
  }
}

async function post(ref: string, registeredNumber: string, by: User): Promise<RowProblem | null> {
  const letter = await Letter.query().where({ ref, kind: 'lrar' }).first()
  if (!letter) return 'unknown_letter'
  // Sent twice by the browser, a row that is done already is done.
  if (letter.state === 'printed' && letter.registeredNumber === registeredNumber) return null
  if (letter.state !== 'rendered') return 'not_printable'
  const outcome = await letter.dispatch({ registeredNumber, by })
  return outcome === 'posted' || outcome === 'corrected' ? null : outcome
}

/**
 * A list pasted from elsewhere: `reference;number` by line, with `;`, a tab or `,` between,
 * or numbers alone, given to the empty rows in their order: an empty line leaves its row as it is.
 */
export function readPasted(pasted: string, refsInOrder: readonly string[]): NumberedRow[] {
  const free = [...refsInOrder]
  return pasted.split(/\r\n|\r|\n/).flatMap((line) => {
    const [first = '', second] = line.split(/[;\t,]/).map((part) => part.trim())
    if (second) return [{ ref: first, typed: second }]
    const ref = free.shift()
    return first ? [{ ref: ref ?? first, typed: first }] : []
  })
}
