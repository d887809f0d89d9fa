import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { escapeHtml } from '#letters/rendering/markup'

const run = promisify(execFile)
const packageUrl = import.meta.resolve('@sparticuz/chromium')

/** Run by a Node of its own: the package inflates into TMPDIR, and brotli would hold our event loop for seconds. */
const INFLATE = `
  const { inflate } = await import(${JSON.stringify(packageUrl)})
  await Promise.all(process.argv.slice(1).map((archive) => inflate(archive)))
`

/**
 * The headless shell of `@sparticuz/chromium`, inflated once beside the
 * package with the libraries (libnss3 and its kin) and fonts that a bare
 * machine lacks.
 */
export async function bundledChromium() {
  const home = await inflatedOnce()
  return {
    path: join(home, 'chromium'),
    environment: {
      LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(home, 'fonts'),
    },
  }
}

async function inflatedOnce(): Promise<string> {
  const folder = dirname(dirname(fileURLToPath(packageUrl)))
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const cache = join(folder, '..', '..', '.cache', 'amiable')
  const home = join(cache, `chromium-${version}`)
  if (await exists(home)) return home

  await mkdir(cache, { recursive: true })
  const draft = await mkdtemp(join(cache, 'inflating-'))
  const archives = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br'].map((name) => join(folder, 'bin', name))
  await run(process.execPath, ['--input-type=module', '-e', INFLATE, ...archives], {
    env: { ...process.env, TMPDIR: draft, NODE_OPTIONS: '' },
    timeout: 120_000,
  })
  await writeFile(join(draft, 'fonts', 'fonts.conf'), fontsConfiguration(home))
  await becomes(draft, home)
  return home
}

/** The package's own file names folders of its cloud. Fonts of the machine help only with letters that ours lack. */
const fontsConfiguration = (home: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${escapeHtml(join(home, 'fonts', 'fonts'))}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>${escapeHtml(join(home, 'fonts-cache'))}</cachedir>
</fontconfig>
`

/** Complete before it gets its name; when another process was first, its copy stays. */
async function becomes(draft: string, home: string) {
  try {
    await rename(draft, home)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await exists(home))) throw error
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false
  )
