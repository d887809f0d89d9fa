import type { DebtorKind } from '#debtors/models/debtor'
import LetterTemplate from '#letters/models/letter_template'
import { refusalsOf } from '#letters/templates/lint'
import type Scenario from '#campaigns/models/scenario'
import type { StepChannel } from '#campaigns/models/scenario_step'

export interface StepTemplate {
  slug: string
  /** As the agency calls it; null for a built-in one. */
  name: string | null
}

/** What writes a step when the agency has no words of its own of that name. */
const BUILT_IN: Record<StepChannel, readonly string[]> = {
  letter: ['first_letter'],
  lrar: ['registered_letter'],
  ere: ['electronic_letter'],
  lre: ['registered_letter'],
  email: ['reminder_1', 'reminder_2', 'reminder_3', 'reminder_4'],
  hand_over: [],
}

/**
 * The templates that a step of a scenario may name: the built-in ones of its channel, and those of the
 * agency that are published for every creditor and this kind of debtor, as they were published (rule 12)
 * and with nothing that the linter refuses today (rule 11).
 */
export async function stepTemplates(kind: DebtorKind): Promise<Record<StepChannel, StepTemplate[]>> {
  const own = (await publishedForAll(kind)).map(({ slug, name, channel }) => ({ slug, name, channel }))
  const of = (channel: StepChannel): StepTemplate[] => {
    // A qualified letter is a registered letter: the same words, which the law rules the same.
    const mine = own.filter((template) => template.channel === (channel === 'lre' ? 'lrar' : channel))
    const builtIn = BUILT_IN[channel].filter((slug) => !mine.some((template) => template.slug === slug))
    return [...builtIn.map((slug) => ({ slug, name: null })), ...mine]
  }
  return {
    letter: of('letter'),
    lrar: of('lrar'),
    ere: of('ere'),
    lre: of('lre'),
    email: of('email'),
    hand_over: of('hand_over'),
  }
}

async function publishedForAll(kind: DebtorKind): Promise<LetterTemplate[]> {
  const templates = await LetterTemplate.query()
    .whereNull('creditorId')
    .whereIn('audience', ['any', kind])
    .orderBy('name')
    .orderBy('id')
    .preload('versions', (versions) => versions.where('state', 'published').orderBy('number', 'desc'))
  const fit = templates.filter((template) => {
    const [version] = template.versions
    if (!version || version.hashIn(template) !== version.contentSha256) return false
    return refusalsOf(template.textOf(version)).length === 0
  })
  return fit.filter(({ slug }, index) => fit.findIndex((other) => other.slug === slug) === index)
}

/** The steps of a scenario, each with what may write it. */
export async function stepsOf(scenario: Scenario) {
  const templates = await stepTemplates(scenario.kind)
  return scenario.steps.map((step) => ({ step, templates: templates[step.channel] }))
}
