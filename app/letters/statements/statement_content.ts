import type { CivilDate } from '#shared/clock'
import type Claim from '#claims/models/claim'
import { loadStatement, type Statement } from '#claims/statement'
import { loadParties, type Parties } from '#letters/parties'

/** Everything a printed statement says, as plain data: the only input of its document. */
export type StatementContent = Parties &
  Statement & {
    claimRef: string
    on: CivilDate
    /** The letter that every later approach recalls (rule 7), once it was written. */
    firstLetter: { ref: string; datedOn: CivilDate } | null
  }

/** @throws MissingRateError when a half-year has no rate (rule 17) */
export async function statementContent(claim: Claim, on: CivilDate): Promise<StatementContent> {
  const statement = await loadStatement(claim, on)
  const { firstLetterRef: ref, firstLetterOn: datedOn } = claim
  const firstLetter = ref && datedOn && datedOn <= on ? { ref, datedOn } : null
  return { ...(await loadParties(claim.id)), ...statement, claimRef: claim.ref, on, firstLetter }
}
