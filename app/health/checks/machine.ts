import { randomUUID } from 'node:crypto'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { storageDir } from '#config/app'
import { describeChromium } from '#letters/rendering/chromium'
import { fontFaces } from '#letters/rendering/fonts'
import { fail, ok, warn, type Check } from '#health/finding'

const OLDEST_NODE = 24
const GIGABYTE = 1e9
const ENOUGH_BYTES = 2 * GIGABYTE
const LEAST_BYTES = 0.3 * GIGABYTE

export const node: Check = {
  name: 'node',
  find() {
    const version = process.versions.node
    return Number(version.split('.')[0]) >= OLDEST_NODE
      ? ok(version)
      : fail(`${version}: Node ${OLDEST_NODE} or later is needed`)
  },
}

export const storage: Check = {
  name: 'storage',
  async find() {
    await mkdir(storageDir, { recursive: true })
    const trial = join(storageDir, `.trial-${randomUUID()}`)
    await writeFile(trial, 'trial')
    await rm(trial)
    return ok(`${storageDir} can be written`)
  },
}

export const disk: Check = {
  name: 'disk',
  async find() {
    const { bavail, bsize } = await statfs(storageDir)
    const free = bavail * bsize
    const told = `${(free / GIGABYTE).toFixed(1)} GB free for the database and the files`
    if (free < LEAST_BYTES) return fail(told)
    return free < ENOUGH_BYTES ? warn(told) : ok(told)
  },
}

export const chromium: Check = {
  name: 'chromium',
  async find() {
    const { source, path, version, sandboxed } = await describeChromium()
    const told = `${version}, ${source} (${path})`
    return sandboxed ? ok(told) : warn(`${told}, without its own sandbox because this runs as root`)
  },
}

export const fonts: Check = {
  name: 'fonts',
  find() {
    const bytes = fontFaces('aŁệΩЖא').text.length
    return ok(`letters bring their own (${Math.round(bytes / 1024)} kB with every script)`)
  },
}
