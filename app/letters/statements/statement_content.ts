import type { CivilDate } from '#shared/clock'
import type Claim from '#claims/models/claim'
import { loadStatement, type Statement } from '#claims/statement'
import { loadParties, type Parties } from '#letters/parties'

/** Everything a printed statement says, as plain data: the only input of its document. */
export type StatementContent = Parties & Statement & { claimRef: string; on: CivilDate }

/** @throws MissingRateError when a half-year has no rate (rule 17) */
export async function statementContent(claim: Claim, on: CivilDate): Promise<StatementContent> {
  const statement = await loadStatement(claim, on)
  return { ...(await loadParties(claim.id)), ...statement, claimRef: claim.ref, on }
}
