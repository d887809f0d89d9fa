import db from '@adonisjs/lucid/services/db'
import type { EvidenceLine } from '#registered_mail/evidence/event_types'

export interface StoryLine {
  seq: number
  at: string
  /** Its key under `ere.story`. */
  what: string
  values: Record<string, string | number>
  actor: EvidenceLine['actor']['kind']
  ip: string | null
  hash: string
  stamp: 'stamped' | 'waiting' | 'none'
  simulated: boolean
}

/** A letter's chain for people: what each event says, who did it, whether a third party dates it. */
export async function storyOf(letterId: number): Promise<StoryLine[]> {
  const rows = await db
    .from('evidence_events as e')
    .leftJoin('evidence_stamps as s', 's.event_id', 'e.id')
    .where('e.letter_id', letterId)
    .orderBy('e.seq')
    .select('e.line', 'e.hash', 's.state')
  return rows.map(({ line, hash, state }) => lineOf(JSON.parse(line) as EvidenceLine, hash, state))
}

function lineOf(line: EvidenceLine, hash: string, state: string | null): StoryLine {
  return {
    seq: line.seq,
    at: line.at,
    what: line.type.replaceAll('.', '_'),
    values: valuesOf(line),
    actor: line.actor.kind,
    ip: line.actor.ip ?? null,
    hash,
    stamp: state === 'stamped' ? 'stamped' : line.tsa ? 'waiting' : 'none',
    simulated: line.clock === 'simulated',
  }
}

/** A whole hash is in the log; in a sentence its beginning is enough. */
const shortened = (value: string | number) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 16)}…` : value

/** What the sentences name; lists as one word, what is missing as `none`. */
function valuesOf({ data }: EvidenceLine): Record<string, string | number> {
  const values: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(data) as [string, unknown][]) {
    if (typeof value === 'string' || typeof value === 'number') values[name] = shortened(value)
    else if (Array.isArray(value)) values[name] = value.join(', ')
  }
  if ('registeredNumber' in data) values.number = data.registeredNumber ?? 'none'
  return values
}
