import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { addDays, addWorkingDays, contactDayFrom } from '#shared/calendar'
import { clock, instantOn, type CivilDate, type Instant } from '#shared/clock'
import { aceAt } from './commands.js'

export const SAMPLES = 'docs/samples'

export const SIGN_IN = {
  admin: 'admin@amiable.example',
  collector: 'claire@amiable.example',
  creditor: 'compta@studio-rivage.example',
  password: 'amiable-demo-2026',
}

/** How many days the demo lets pass after the launch: the letter and two reminders. */
const DAYS = 10

type Imported = { importId: number; claims: number; rejected: unknown[] }
type Launched = {
  campaigns: { id: number; kind: string; claims: number; calendar: { on: CivilDate }[] }[]
}

export type Story = {
  claims: number
  rejected: number
  campaigns: number
  launchedOn: CivilDate
  letters: number
  lettersFile: string
  lettersFolder: string
}

/**
 * What an agency does in its first ten days, by the commands of the contract: it sets itself up,
 * takes a creditor's table, launches, confirms each day what waits, prints the letters.
 */
export async function tell(folder: string, say: (line: string) => void): Promise<Story> {
  const launchedOn = launchDay()
  const ace = <T>(...words: string[]) => aceAt<T>(instantOn(launchedOn, 9), ...words)
  await ace('agency:configure', `${SAMPLES}/agency.json`)
  const { ref } = await ace<{ ref: string }>('creditors:create', `${SAMPLES}/creditor.json`)
  await people(ref, instantOn(launchedOn, 9))
  say(`Agency in order, creditor ${ref} with its mandate`)

  const imported = await ace<Imported>(
    'claims:import',
    `${SAMPLES}/creances-sample.xlsx`,
    `--creditor=${ref}`,
    '--partial',
    '--accept-terms',
    `--errors=${join(folder, 'creances-a-corriger.xlsx')}`
  )
  say(`${imported.claims} files from the table, ${imported.rejected.length} rows sent back`)

  const { campaigns } = await ace<Launched>(
    'campaigns:launch',
    `--import=${imported.importId}`,
    '--scenario=amiable',
    `--on=${launchedOn}`,
    '--yes'
  )
  say(`${campaigns.length} campaigns launched on ${launchedOn}`)
  await livedThrough(campaigns)

  const lettersFile = join(folder, 'letters.pdf')
  const lettersFolder = join(folder, 'letters')
  await mkdir(lettersFolder, { recursive: true })
  const printed = { letters: 0 }
  for (const campaign of campaigns) {
    const { letters } = await ace<{ letters: number }>(
      'letters:print',
      `--campaign=${campaign.id}`,
      `--out=${lettersFile.replace('.pdf', `-${campaign.kind}.pdf`)}`,
      `--split=${lettersFolder}`
    )
    printed.letters += letters
  }
  say(`${printed.letters} letters as PDF in ${lettersFolder}`)
  return {
    claims: imported.claims,
    rejected: imported.rejected.length,
    campaigns: campaigns.length,
    launchedOn,
    letters: printed.letters,
    lettersFile,
    lettersFolder,
  }
}

async function people(creditorRef: string, at: Instant) {
  const user = (email: string, name: string, role: string, ...more: string[]) =>
    aceAt(
      at,
      'users:create',
      `--email=${email}`,
      `--name=${name}`,
      `--role=${role}`,
      `--password=${SIGN_IN.password}`,
      ...more
    )
  await user(SIGN_IN.admin, 'Hélène Marchand', 'admin')
  await user(SIGN_IN.collector, 'Claire Vasseur', 'collector')
  await user(SIGN_IN.creditor, 'Julien Rivage', 'creditor', `--creditor=${creditorRef}`)
}

/** Ten days ago, on a day when people may be contacted. */
function launchDay(): CivilDate {
  const day = addDays(clock.today(), -DAYS)
  const contact = contactDayFrom(day)
  return contact === day ? day : addWorkingDays(day, 1)
}

/** On each day of the calendar gone by, at ten, as a collector would: look, confirm what waits, let it go. */
async function livedThrough(campaigns: Launched['campaigns']) {
  const days = new Set(campaigns.flatMap(({ calendar }) => calendar.map(({ on }) => on)))
  for (const day of [...days].sort().filter((on) => on < clock.today())) {
    const morning = instantOn(day, 10)
    await aceAt(morning, 'tick', '--until-idle')
    for (const campaign of campaigns) {
      await aceAt(morning, 'actions:confirm', `--campaign=${campaign.id}`, `--on=${day}`)
    }
    await aceAt(morning, 'tick', `--at=${day}T10:30:00`, '--until-idle')
  }
}
