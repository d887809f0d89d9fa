import type { Outcome } from '#deliveries/drivers/driver'
import type { Harness } from '#tests/harness/harness'
import type { PostalProvider } from '#registered_mail/providers/provider'
import { startApplication } from '#tests/harness/application'
import { between, seeded, type Random } from '#tests/fakes/stripe/random'
import type { Misbehaviour, ProviderServer } from '#tests/fakes/provider_server'

const AT_ONCE = 8
/** Tries under fault, before the last ones without. */
const TRIES = 6

const FAULTS: Misbehaviour[] = [
  'slow',
  'drop_request',
  'drop_reply',
  'drop_reply',
  'fail_before',
  'fail_after',
  'fail_after',
  'page_before',
  'page_after',
  'busy',
  'limit',
  'expire',
]

/**
 * Letters go to each provider while many of its requests go wrong in every
 * way it knows; workers die between two steps, or work on the same letter together. Each letter is
 * tried again until it is known to be taken: it must then have been made exactly once, as it was
 * written.
 */
export default {
  short: 20,
  long: 500,
  async run({ seed, size }) {
    const application = await startApplication()
    try {
      const { FakeMerciFacteur } = await import('#tests/fakes/merci_facteur')
      const { FakeMaileva } = await import('#tests/fakes/maileva')
      const { MerciFacteur } = await import('#registered_mail/providers/merci_facteur/provider')
      const { Maileva } = await import('#registered_mail/providers/maileva/provider')
      const { FakeAr24 } = await import('#tests/fakes/ar24')
      const { Ar24 } = await import('#registered_mail/providers/ar24/provider')
      const { newsProblems } = await import('#tests/harness/letters/news')

      const merciFacteur = await new FakeMerciFacteur().start()
      const maileva = await new FakeMaileva().start()
      const ar24 = await new FakeAr24().start()
      const random = seeded(seed)
      const [byMerciFacteur, byMaileva, byAr24] = [
        await sendAll(size, random, merciFacteur, {
          faultRate: 0.3,
          keyed: true,
          fresh: (patienceMs) => new MerciFacteur(merciFacteur.settings, patienceMs),
          made: (key) =>
            merciFacteur.lettersUnder(key).map(({ id, pdfSha256 }) => ({ id: String(id), pdfSha256 })),
        }),
        await sendAll(size, random, maileva, {
          faultRate: 0.12,
          keyed: true,
          fresh: (patienceMs) => new Maileva(maileva.settings, patienceMs),
          made: (key) =>
            maileva.lettersUnder(key).map(({ id, documents, recipients }) => ({
              id,
              pdfSha256:
                documents.length === 1 && recipients.length === 1 ? documents[0]!.sha256 : 'not one of each',
            })),
        }),
        await sendAll(size, random, ar24, {
          faultRate: 0.06,
          keyed: false,
          fresh: (read) => new Ar24(ar24.settings, { read, attachment: read, mail: read }),
          made: (key) =>
            ar24.mails
              .filter(({ fields }) => fields.ref_dossier === referenceOf(key))
              .map(({ id, pdfSha256 }) => ({ id: String(id), pdfSha256 })),
        }),
      ]
      const news = await newsProblems(ar24, new Ar24(ar24.settings), random)
      await Promise.all([merciFacteur.stop(), maileva.stop(), ar24.stop()])
      return {
        problems: [
          ...byMerciFacteur.problems.map((one) => `merci_facteur: ${one}`),
          ...byMaileva.problems.map((one) => `maileva: ${one}`),
          ...[...byAr24.problems, ...news].map((one) => `ar24: ${one}`),
        ],
        merci_facteur: { ...byMerciFacteur.figures, repeats: merciFacteur.repeats },
        maileva: { ...byMaileva.figures, repeats: maileva.repeats, leftDrafts: drafts(maileva.sendings) },
        ar24: byAr24.figures,
      }
    } finally {
      await application.stop()
    }
  },
} satisfies Harness

const drafts = (sendings: { status: string }[]) => sendings.filter(({ status }) => status === 'DRAFT').length

const referenceOf = (key: string) => key.replace('letter-', 'REF-')

interface World {
  /** A provider that knows nothing yet, as in a process that has just started. */
  fresh(patienceMs: number): PostalProvider
  /** How many of its requests go wrong: a letter takes one, or seven, or a list of all the letters before it. */
  faultRate: number
  /** Whether it makes a letter once when two ask at the same moment; without it only our lease does. */
  keyed: boolean
  made(key: string): { id: string; pdfSha256: string }[]
}

async function sendAll(
  size: number,
  random: Random,
  server: ProviderServer,
  { fresh, faultRate, keyed, made }: World
) {
  const { sha256 } = await import('#shared/files')
  const { anOrder } = await import('#tests/fixtures/postal')
  const problems: string[] = []
  const figures = { letters: size, attempts: 0, together: 0, abandoned: 0, unknownRefs: 0, faults: 0 }
  server.slowMs = 1_500
  const patienceMs = 800

  const sendOne = async (index: number) => {
    const key = `letter-${index}`
    const order = anOrder({
      key,
      kind: keyed ? (index % 3 === 0 ? 'simple' : 'lrar') : 'lre',
      email: `debiteur-${index}@exemple.fr`,
      addressee: { company: null, firstName: 'Jeanne', lastName: `Debiteur ${index}` },
      reference: referenceOf(key),
      recipient: [`DEBITEUR ${index}`, `${index + 1} RUE DES LILAS`, '75011 PARIS'],
    })
    let outcome: Outcome = { kind: 'withheld' }
    for (let attempt = 0; outcome.kind !== 'sent' && attempt < TRIES + 40; attempt++) {
      const faulty = attempt < TRIES
      const provider = fresh(faulty ? patienceMs : 30_000)
      figures.attempts += 1
      if (keyed && faulty && random() < 0.1) {
        figures.together += 1
        const both = await Promise.all(
          [provider, fresh(patienceMs)].map((one) => one.submit(order, () => true))
        )
        outcome = both.find(({ kind }) => kind === 'sent') ?? both[0]!
      } else if (faulty && random() < 0.1) {
        figures.abandoned += 1
        let asked = 0
        const dies = between(random, 1, 2)
        outcome = await provider.submit(order, () => ++asked < dies)
      } else {
        outcome = await provider.submit(order, () => true)
      }
      if (outcome.kind === 'permanent') break
    }
    const letters = made(key)
    if (outcome.kind !== 'sent') problems.push(`${key} ended as ${JSON.stringify(outcome)}`)
    if (letters.length !== 1) problems.push(`${key} was made ${letters.length} times`)
    if (letters[0] && letters[0].pdfSha256 !== sha256(order.pdf))
      problems.push(`${key} is not what was written`)
    if (outcome.kind !== 'sent') return
    if (outcome.providerRef === null) figures.unknownRefs += 1
    else if (outcome.providerRef !== letters[0]?.id) problems.push(`${key} is followed as another letter`)
  }

  server.misbehave = () => {
    if (random() >= faultRate) return 'answer'
    figures.faults += 1
    return FAULTS[between(random, 0, FAULTS.length - 1)]!
  }
  const waiting = Array.from({ length: size }, (_, index) => index)
  const lane = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) await sendOne(index)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return { problems, figures }
}
