import { canonical, type Json } from '#registered_mail/evidence/canonical'
import { headLeaf, previousLeaf } from '#registered_mail/evidence/anchors'
import { PATHS, stampPath } from '#registered_mail/evidence/bundle/paths'
import { proofText, readProof } from '#registered_mail/evidence/bundle/proof_text'
import { EVENT_TYPES, NO_LINE_BEFORE, type EvidenceLine } from '#registered_mail/evidence/event_types'
import { inclusionPath, leafHash, merkleRoot } from '#registered_mail/evidence/merkle'
import { copyOf, linesOf, setLines, sha256, stampPaths, type Files } from '#tests/harness/proofs/files'
import type { Ground } from '#tests/harness/proofs/ground'

/** Who mutates: what they have, and their luck. */
export interface Attack {
  ground: Ground
  files: Files
  /** The same letter as it was anchored earlier, and another letter's bundle. */
  before: Files
  other: Files
  /** A whole number below that. */
  upTo(most: number): number
}

/**
 * How the files are closed again: `not_sealed` leaves the manifest as it was; `sealed` uses the key of
 * the seal; `sealed_and_dated` also has the new seal dated by the true authority, which is the most an
 * attacker can have who cannot have the past dated.
 */
export type Closing = 'not_sealed' | 'sealed' | 'sealed_and_dated'

export interface Mutation {
  name: string
  closing: Closing
  apply(attack: Attack): void | Promise<void>
}

type Line = EvidenceLine & { data: Record<string, unknown> }

const parsed = (line: string) => JSON.parse(line) as Line
const written = (line: Line) => canonical(line as unknown as Json)

/** The lines with their numbers and links made right again, as one who rewrites the log would. */
function linked(lines: Line[]): string[] {
  let prev = NO_LINE_BEFORE
  return lines.map((line, index) => {
    const text = written({ ...line, seq: index + 1, prev })
    prev = sha256(text).toString('hex')
    return text
  })
}

function rewrite(files: Files, change: (lines: Line[]) => Line[] | void) {
  const lines = linesOf(files).map(parsed)
  setLines(files, linked(change(lines) ?? lines))
}

/** A tree of the attacker's own over the head of the log as it now is. */
function anchorAgain(files: Files) {
  const proof = readProof(files.get(PATHS.proof)!.toString())!
  const lines = linesOf(files)
  const [seq, head] = [lines.length, sha256(lines.at(-1)!).toString('hex')]
  const leaves = [leafHash(previousLeaf(proof.previous)), leafHash(headLeaf(proof.ref, seq, head))]
  const path = inclusionPath(leaves, 1).map((hash) => hash.toString('hex'))
  files.set(PATHS.root, merkleRoot(leaves))
  files.set(
    PATHS.proof,
    Buffer.from(proofText({ ...proof, seq, head, index: 1, size: 2, path }, proof.previous))
  )
}

function flip(bytes: Buffer, at: number) {
  bytes[at]! ^= 1 << (at % 8)
}

const pick = <T>(items: readonly T[], { upTo }: Attack) => items[upTo(items.length)]!

function backDate(line: Line, days: number) {
  line.at = new Date(Date.parse(line.at) - days * 86_400_000).toISOString()
}

const one = (name: string, closing: Closing, apply: Mutation['apply']): Mutation => ({ name, closing, apply })
const every = (name: string, apply: Mutation['apply']): Mutation[] =>
  (['not_sealed', 'sealed', 'sealed_and_dated'] as const).map((closing) =>
    one(`${name}, ${closing}`, closing, apply)
  )

export const MUTATIONS: Mutation[] = [
  ...every('a character of a line changed', (attack) => {
    const lines = linesOf(attack.files)
    const at = attack.upTo(lines.length)
    const place = attack.upTo(lines[at]!.length)
    const sign = lines[at]![place] === '7' ? '8' : '7'
    lines[at] = lines[at]!.slice(0, place) + sign + lines[at]!.slice(place + 1)
    setLines(attack.files, lines)
  }),
  ...every('an event changed and the log linked again', (attack) => {
    rewrite(attack.files, (lines) => {
      pick(lines, attack).actor = { kind: 'recipient', ip: `198.51.100.${attack.upTo(250)}` }
    })
  }),
  ...every('an event taken out', (attack) => {
    const lines = linesOf(attack.files)
    lines.splice(attack.upTo(lines.length), 1)
    setLines(attack.files, lines)
  }),
  ...every('an event taken out, the log linked and the tokens moved', (attack) => {
    const { files, upTo } = attack
    const at = upTo(linesOf(files).length)
    rewrite(files, (lines) => lines.toSpliced(at, 1))
    files.delete(stampPath(at + 1))
    for (const path of stampPaths(files)) {
      const seq = Number(/\d+/.exec(path)![0])
      if (seq <= at + 1) continue
      files.set(stampPath(seq - 1), files.get(path)!)
      files.delete(path)
    }
  }),
  ...every('two events exchanged', ({ files, upTo }) => {
    const lines = linesOf(files)
    const at = upTo(lines.length - 1)
    ;[lines[at], lines[at + 1]] = [lines[at + 1]!, lines[at]!]
    setLines(files, lines)
  }),
  ...every('an event told twice', (attack) => {
    const lines = linesOf(attack.files)
    lines.push(pick(lines, attack))
    setLines(attack.files, lines)
  }),
  ...every('an event invented at the end', ({ files }) => {
    rewrite(files, (lines) => [
      ...lines,
      { ...lines.at(-1)!, type: 'content.viewed', tsa: undefined, data: { pages: [1] } } as Line,
    ])
  }),
  ...every('the log cut short, its tokens too', ({ files, upTo }) => {
    const lines = linesOf(files)
    const kept = 1 + upTo(lines.length - 1)
    setLines(files, lines.slice(0, kept))
    for (const path of stampPaths(files)) if (Number(/\d+/.exec(path)![0]) > kept) files.delete(path)
  }),
  ...every('the log cut short under an anchor of its own', ({ files, upTo }) => {
    const lines = linesOf(files)
    const kept = 1 + upTo(lines.length - 1)
    setLines(files, lines.slice(0, kept))
    for (const path of stampPaths(files)) if (Number(/\d+/.exec(path)![0]) > kept) files.delete(path)
    anchorAgain(files)
  }),
  one('the log as it was before, under the anchor of then', 'sealed', ({ files, before }) => {
    for (const path of [...files.keys()]) files.delete(path)
    for (const [path, bytes] of copyOf(before)) files.set(path, bytes)
  }),
  one('the log cut where it was anchored before, under that anchor', 'sealed', ({ files, before }) => {
    setLines(files, linesOf(before))
    for (const path of stampPaths(files)) if (!before.has(path)) files.delete(path)
    for (const path of [PATHS.root, PATHS.rootStamp, PATHS.proof]) files.set(path, before.get(path)!)
  }),
  ...every('a date set back and the log linked again', (attack) => {
    rewrite(attack.files, (lines) => {
      const at = attack.upTo(lines.length)
      for (const line of lines.slice(0, at + 1)) backDate(line, 1 + attack.upTo(20))
      lines.sort((a, b) => (a.at < b.at ? -1 : 1))
    })
  }),
  ...every('dates set back, tokens dropped, the log linked and anchored again', (attack) => {
    const days = 1 + attack.upTo(30)
    rewrite(attack.files, (lines) => {
      for (const line of lines) {
        backDate(line, days)
        delete line.tsa
      }
    })
    for (const path of stampPaths(attack.files)) attack.files.delete(path)
    anchorAgain(attack.files)
  }),
  ...every('a token taken out', (attack) => {
    attack.files.delete(pick(stampPaths(attack.files), attack))
  }),
  ...every('a token and its announcement taken out', (attack) => {
    const path = pick(stampPaths(attack.files), attack)
    rewrite(attack.files, (lines) => {
      delete lines[Number(/\d+/.exec(path)![0]) - 1]!.tsa
    })
    attack.files.delete(path)
  }),
  ...every('every trace of the authority taken out', ({ files }) => {
    rewrite(files, (lines) => lines.forEach((line) => delete line.tsa))
    for (const path of [...stampPaths(files), PATHS.timestampAuthority, PATHS.rootStamp]) files.delete(path)
    anchorAgain(files)
  }),
  ...every('two tokens exchanged', (attack) => {
    const paths = stampPaths(attack.files)
    const at = attack.upTo(paths.length - 1)
    const [here, there] = [paths[at]!, paths[at + 1]!]
    const kept = attack.files.get(here)!
    attack.files.set(here, attack.files.get(there)!)
    attack.files.set(there, kept)
  }),
  ...every("another letter's token", (attack) => {
    const path = pick(stampPaths(attack.files), attack)
    attack.files.set(path, attack.other.get(path)!)
  }),
  one('a byte of a token changed', 'not_sealed', (attack) => {
    const bytes = attack.files.get(pick(stampPaths(attack.files), attack))!
    flip(bytes, attack.upTo(bytes.length))
  }),
  ...every("another letter's PDF", ({ files, other }) => {
    files.set(PATHS.letter, other.get(PATHS.letter)!)
  }),
  ...every('a byte of the letter changed', ({ files, upTo }) => {
    const letter = files.get(PATHS.letter)!
    flip(letter, upTo(letter.length))
  }),
  ...every('another PDF for the letter, and the log written for it', ({ files, other }) => {
    files.set(PATHS.letter, other.get(PATHS.letter)!)
    const hash = sha256(other.get(PATHS.letter)!).toString('hex')
    rewrite(files, (lines) => lines.forEach((line) => (line.letter.sha256 = hash)))
    anchorAgain(files)
  }),
  ...every("another letter's evidence file", ({ files, other }) => {
    files.set(PATHS.dossier, other.get(PATHS.dossier)!)
  }),
  ...every('the evidence file of before', ({ files, before }) => {
    files.set(PATHS.dossier, before.get(PATHS.dossier)!)
  }),
  ...every("another letter's log and tokens", ({ files, other }) => {
    for (const path of [PATHS.log, ...stampPaths(files)]) files.set(path, other.get(path)!)
  }),
  ...every('a bit of the root changed', ({ files, upTo }) => flip(files.get(PATHS.root)!, upTo(32))),
  ...every('a line of the proof changed', ({ files, upTo }) => {
    const proof = readProof(files.get(PATHS.proof)!.toString())!
    const node = upTo(proof.path.length)
    proof.path[node] = sha256(proof.path[node]!).toString('hex')
    files.set(PATHS.proof, Buffer.from(proofText(proof, proof.previous)))
  }),
  ...every('the place in the proof changed', ({ files, upTo }) => {
    const proof = readProof(files.get(PATHS.proof)!.toString())!
    const index = proof.index === 1 ? 2 : 1
    files.set(
      PATHS.proof,
      Buffer.from(proofText({ ...proof, index, size: proof.size + upTo(3) }, proof.previous))
    )
  }),
  ...every('the anchor of before', ({ files, before }) => {
    for (const path of [PATHS.root, PATHS.rootStamp, PATHS.proof]) files.set(path, before.get(path)!)
  }),
  ...every("the anchor's token taken out", ({ files }) => void files.delete(PATHS.rootStamp)),
  ...every(
    'an unknown file added',
    ({ files }) => void files.set('content/annexe.pdf', Buffer.from('%PDF-1.4'))
  ).slice(0, 1),
  one('a file taken out of the manifest', 'not_sealed', (attack) => {
    const lines = attack.files.get(PATHS.manifest)!.toString().split('\n').slice(0, -1)
    lines.splice(attack.upTo(lines.length), 1)
    attack.files.set(PATHS.manifest, Buffer.from(`${lines.join('\n')}\n`))
  }),
  one('a byte of the seal changed', 'not_sealed', ({ files, upTo }) => {
    const seal = files.get(PATHS.manifestSeal)!
    // In the signature or what it covers; a certificate of the authority's chain may lie beyond.
    flip(seal, Math.floor(seal.length / 2) + upTo(200))
  }),
  ...every('an acceptance turned into a refusal', ({ files }) => {
    rewrite(files, (lines) => {
      const line = lines.find(({ type }) => type === 'letter.accepted')!
      Object.assign(line, { type: 'letter.refused', erds: EVENT_TYPES['letter.refused'].erds })
      line.data = { statement: 'Je refuse.', reason: 'sans' } as Line['data']
    })
    anchorAgain(files)
  }),
]
