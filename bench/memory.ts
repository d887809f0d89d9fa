import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Watches this process and all it started, and keeps the most they held
 * together: proportional set size, so that shared pages count once. Linux only;
 * 0 elsewhere.
 */
export class MemoryWatch {
  peakMb = 0
  #stop = new AbortController()
  #watching = this.#watch()

  async end(): Promise<number> {
    this.#stop.abort()
    await this.#watching
    return Math.round(this.peakMb)
  }

  async #watch() {
    while (!this.#stop.signal.aborted) {
      this.peakMb = Math.max(this.peakMb, await treeMb(process.pid))
      await sleep(200, undefined, { signal: this.#stop.signal }).catch(() => {})
    }
  }
}

async function treeMb(pid: number): Promise<number> {
  try {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
    const own = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024
    const children = await Promise.all((await childrenOf(pid)).map(treeMb))
    return children.reduce((total, part) => total + part, own)
  } catch {
    return 0
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`)
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''))
  )
  return lists.flatMap((list) => list.trim().split(/\s+/).filter(Boolean).map(Number))
}
