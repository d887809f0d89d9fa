const WIDTH = 28
const REDRAW_MS = 100

export type Progress = {
  advance(count?: number): void
  /** Leaves the full bar on its line. */
  done(): void
}

/**
 * A progress bar for a person at a terminal. Nothing is written when `stream`
 * is a file or a pipe, so logs stay readable.
 */
export function progressBar(
  total: number,
  label: string,
  stream: NodeJS.WriteStream = process.stderr
): Progress {
  if (!stream.isTTY || total <= 0) return { advance() {}, done() {} }
  let count = 0
  let drawnAt = 0

  const draw = () => {
    const filled = Math.round((WIDTH * count) / total)
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
    stream.write(`\r${bar} ${count}/${total} ${label}`)
    drawnAt = performance.now()
  }

  return {
    advance(step = 1) {
      count = Math.min(total, count + step)
      if (count === total || performance.now() - drawnAt > REDRAW_MS) draw()
    },
    done() {
      draw()
      stream.write('\n')
    },
  }
}
