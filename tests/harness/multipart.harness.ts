import { startApplication } from '#tests/harness/application'
import type { Harness } from '#tests/harness/harness'
import { between, seeded, type Random } from '#tests/fakes/stripe/random'

const AT_ONCE = 8
const BOUNDARY = 'amiable-harness-boundary-0123456789'

/**
 * Bar 19: hostile multipart names, on a file and on a field, sent to every
 * address that takes a body. The process lives (its death ends the harness
 * without a report) and answers none of them with a fault of its own.
 */
export default {
  short: 50,
  long: 5000,
  async run({ seed, size }) {
    const random = seeded(seed)
    const names = Array.from({ length: size }, (_, index) => WORST[index] ?? hostileName(random))
    const application = await startApplication()
    const targets = await addressesTakingBodies(application.url)
    const wishes = names.flatMap((name) => targets.map((target) => ({ name, target })))
    const answers: Record<number, number> = {}
    const problems: string[] = []

    const lane = async () => {
      for (let wish = wishes.pop(); wish; wish = wishes.pop()) {
        const { name, target } = wish
        const status = await send(target, multipart(random, name))
        answers[status] = (answers[status] ?? 0) + 1
        if (status >= 500 || status < 300) {
          problems.push(`${status} for ${JSON.stringify(name)} on ${target.method} ${target.url}`)
        }
      }
    }
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, lane))
      const live = await fetch(`${application.url}/health/live`)
      if (!live.ok) problems.push(`live answers ${live.status} afterwards`)
      return { problems, names: names.length, addresses: targets.length, answers }
    } finally {
      await application.stop()
    }
  },
} satisfies Harness

type Target = { method: string; url: string }

async function addressesTakingBodies(base: string): Promise<Target[]> {
  const { default: router } = await import('@adonisjs/core/services/router')
  return Object.values(router.toJSON())
    .flat()
    .flatMap(({ pattern, methods }) =>
      methods
        .filter((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method))
        .map((method) => ({ method, url: base + pattern.replace(/:\w+\??/g, '1').replaceAll('*', 'x') }))
    )
}

/** Everything that every object answers to, and its disguises. */
const WORST = [
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype',
  'handler',
  'options',
  ...['toString', 'constructor', '__proto__'].flatMap((name) => [
    `${name}[]`,
    `${name}[0]`,
    `${name}.x`,
    `x.${name}`,
    `x[${name}]`,
    `${name}[${name}]`,
    `a.b.${name}.c`,
    ` ${name}`,
    `${name}\\"`,
    `${name}\u0000`,
    `${name}"; filename="x`,
  ]),
  '',
  '[]',
  '[0]',
  '.',
  'a'.repeat(100_000),
  'list[999999999]',
  'list[4294967295]',
  'length',
  '_csrf[toString]',
]

const PIECES = ['toString', '__proto__', 'constructor', 'valueOf', '[', ']', '[]', '.', '"', '\\', '\u0000']
const MORE = ['é', '\u202e', '%00', ' ', ';', '=', '\t', 'a', '0', '99999999', '$', '{', '}', '<x>', '🦊']

function hostileName(random: Random): string {
  const pieces = [...PIECES, ...MORE]
  return Array.from(
    { length: between(random, 1, 6) },
    () => pieces[between(random, 0, pieces.length - 1)]!
  ).join('')
}

/** The name as a file's, as a field's, or as both, sometimes cut short. */
function multipart(random: Random, name: string): string {
  const file = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="${name.slice(0, 50)}.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n`
  const field = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nvalue\r\n`
  const whole = [file, field, file + field][between(random, 0, 2)]! + `--${BOUNDARY}--\r\n`
  return random() < 0.1 ? whole.slice(0, between(random, 0, whole.length)) : whole
}

async function send({ method, url }: Target, body: string): Promise<number> {
  const answer = await fetch(url, {
    method,
    body,
    redirect: 'manual',
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  })
  await answer.body?.cancel()
  return answer.status
}
