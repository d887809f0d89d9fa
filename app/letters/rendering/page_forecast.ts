/**
 * How many pages a letter will take, guessed from how many rows its table has.
 * The total is printed on every page, and is only known once the letter is
 * laid out: a right guess saves printing it twice. What was printed corrects
 * the next guess.
 */
export class PageForecast {
  #pagesByRows = new Map<number, number>()

  guess(rows: number): number {
    const known = this.#pagesByRows.get(rows)
    if (known !== undefined) return known
    let nearest: number | null = null
    for (const seen of this.#pagesByRows.keys()) {
      if (nearest === null || Math.abs(seen - rows) < Math.abs(nearest - rows)) nearest = seen
    }
    return nearest === null ? 2 : this.#pagesByRows.get(nearest)!
  }

  learn(rows: number, pages: number) {
    this.#pagesByRows.set(rows, pages)
  }
}
