import type User from '#users/models/user'
import Letter from '#letters/models/letter'

/**
 * D12 for a pile of plain letters: a person has put them in the post. Registered
 * letters are left out, for each has its own number; so is what has no PDF, and
 * what a provider carries.
 *
 * @returns how many were newly said to be posted
 */
export class DispatchLetters {
  async handle({ refs, by }: { refs: readonly string[]; by: User }): Promise<number> {
    const letters = await Letter.query()
      .whereIn('ref', [...refs])
      .where('kind', 'simple')
      .where('state', 'rendered')
      .where('route', 'manual')
      .orderBy('id')
    let count = 0
    for (const letter of letters) {
      if ((await letter.dispatch({ registeredNumber: null, by })) === 'posted') count += 1
    }
    return count
  }
}
