import type { CivilDate } from '#shared/clock'
import { WRITTEN, type Clue } from '#banking/matching/judge'

/** Clues by line and file. */
export class Clues {
  readonly of = new Map<number, Map<number, Set<Clue>>>()
  /** When a letter asked a file for the amount of a line. */
  readonly askedOn = new Map<number, Map<number, CivilDate>>()

  addAsked(lineId: number, claimId: number, on: CivilDate) {
    this.add(lineId, claimId, 'asked')
    this.askedOn.set(lineId, (this.askedOn.get(lineId) ?? new Map<number, CivilDate>()).set(claimId, on))
  }

  add(lineId: number, claimId: number, clue: Clue) {
    const files = this.of.get(lineId) ?? new Map<number, Set<Clue>>()
    this.of.set(lineId, files.set(claimId, (files.get(claimId) ?? new Set<Clue>()).add(clue)))
  }

  /** Whether the sender wrote a file. */
  hasWritten(lineId: number): boolean {
    return [...(this.of.get(lineId)?.values() ?? [])].some((of) =>
      WRITTEN.some((strategy) => of.has(strategy))
    )
  }

  get claimIds(): number[] {
    return [...new Set([...this.of.values()].flatMap((files) => [...files.keys()]))]
  }
}
