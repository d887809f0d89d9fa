import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { between, seeded } from '#tests/fakes/stripe/random'
import type { Harness } from '#tests/harness/harness'
import { copyOf, type Files } from '#tests/harness/proofs/files'
import type { Ground } from '#tests/harness/proofs/ground'
import type { Closing, Mutation } from '#tests/harness/proofs/mutations'

/** Every so many mutations are also given to verifier.sh, which starts a dozen processes for each. */
const SCRIPT_EVERY = 20

/** What anybody sees at once of a log that is not the evidence file's: not counted as finding the mutation. */
const TOO_EASY = new Set(['dossier_other_log'])

/**
 * Bar 25: bundles are mutated by someone who holds the key of the seal, and at worst has the new seal
 * dated by the true authority. Each mutation is found, by our check and, for some, by verifier.sh;
 * the bundle left alone passes both.
 */
export default {
  short: 108,
  long: 1000,
  async run({ seed, size }) {
    const { prepare } = await import('#tests/harness/proofs/ground')
    const ground = await prepare()
    const problems: string[] = []
    const found: Record<string, number> = {}
    let scripted = 0
    try {
      const { MUTATIONS } = await import('#tests/harness/proofs/mutations')
      const { checkBundle } = await import('#registered_mail/evidence/verification/check_bundle')
      const random = seeded(seed)
      for (const { now } of ground.bundles) {
        const control = checkBundle(now, ground.trust)
        if (!control.ok) problems.push(`the control fails: ${JSON.stringify(control.problems)}`)
        const said = await byScript(now, ground)
        if (said.code !== 0) problems.push(`verifier.sh refuses the control: ${said.text}`)
      }
      for (let index = 0; index < size; index++) {
        const mutation = MUTATIONS[index % MUTATIONS.length]!
        const files = await mutated(mutation, ground, index, (most) => between(random, 0, most - 1))
        const report = checkBundle(files, ground.trust)
        const codes = report.problems.map(({ code }) => code)
        for (const code of new Set(codes)) found[code] = (found[code] ?? 0) + 1
        const counted = mutation.name.includes('evidence file')
          ? codes
          : codes.filter((code) => !TOO_EASY.has(code))
        if (counted.length === 0) problems.push(`${index}: ${mutation.name} is not found`)
        if (index % SCRIPT_EVERY === seed % SCRIPT_EVERY) {
          scripted += 1
          const said = await byScript(files, ground)
          if (said.code !== 1)
            problems.push(`${index}: verifier.sh does not find ${mutation.name}: ${said.text}`)
        }
      }
      return { problems, mutations: size, kinds: MUTATIONS.length, scripted, found }
    } finally {
      await ground.stop()
    }
  },
} satisfies Harness

async function mutated(
  mutation: Mutation,
  ground: Ground,
  index: number,
  upTo: (most: number) => number
): Promise<Files> {
  const [mine, others] = index % 2 === 0 ? ground.bundles : ground.bundles.toReversed()
  const files = copyOf(mine!.now)
  await mutation.apply({ ground, files, before: mine!.before, other: others!.now, upTo })
  await close(files, mutation.closing, ground)
  return files
}

async function close(files: Files, closing: Closing, { sealer }: Ground) {
  if (closing === 'not_sealed') return
  const { sealManifest } = await import('#registered_mail/evidence/bundle/zip')
  const { requestTimestamp } = await import('#registered_mail/evidence/timestamp_client')
  const dated = async (digest: Buffer) => (await requestTimestamp(digest)).token
  await sealManifest(files, sealer, new Date(), closing === 'sealed_and_dated' ? dated : undefined)
}

/** The script that the bundle should have, whatever the mutation did to the one inside. */
async function byScript(files: Files, ground: Ground): Promise<{ code: number; text: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'amiable-mutated-'))
  try {
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), bytes)
    }
    const own = join(folder, '..', `${folder.split('/').at(-1)}.pem`)
    await writeFile(own, ground.trust.sealAuthority!)
    const args = [
      join(folder, 'verifier.sh'),
      '--autorite-horodatage',
      ground.authority.caFile,
      '--autorite-cachet',
      own,
    ]
    const said = await new Promise<{ code: number; text: string }>((resolve) => {
      execFile('sh', args, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? -1) : 0, text: `${stdout}${stderr}`.slice(-600) })
      })
    })
    await rm(own)
    return said
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
