import type { HttpContext } from '@adonisjs/core/http'
import { refuseField, refuseFields } from '#shared/forms'
import { ChangeSteps } from '#campaigns/actions/change_steps'
import { CopyScenario } from '#campaigns/actions/copy_scenario'
import { RemoveScenario } from '#campaigns/actions/remove_scenario'
import Scenario from '#campaigns/models/scenario'
import { STEP_CHANNELS, STEP_MODES } from '#campaigns/models/scenario_step'
import { stepsOf } from '#campaigns/queries/step_templates'
import { uncarriedKinds } from '#campaigns/queries/uncarried_kinds'
import { LAST_DAY, MOST_STEPS, readSteps, type StepRefusal } from '#campaigns/scenarios/read_steps'
import { scenarioForm, scenarioStepsForm } from '#campaigns/validators'

/** A scenario for businesses and for consumers: its steps, changed until a first campaign, then only copied. */
export default class ScenariosController {
  async show({ params, view }: HttpContext) {
    const found = await Scenario.versionsOrFail(params.slug)
    const versions = []
    for (const scenario of found) versions.push({ scenario, steps: await stepsOf(scenario) })
    return view.render('pages/campaigns/scenario', {
      slug: params.slug,
      versions,
      slugs: await Scenario.slugs(),
      served: await Scenario.haveServed(found),
      uncarried: await uncarriedKinds(found),
    })
  }

  async store(ctx: HttpContext) {
    const { request, response, session, i18n } = ctx
    const copied = await new CopyScenario().handle(await request.validateUsing(scenarioForm))
    if (copied.outcome !== 'copied') {
      return refuseField(ctx, 'name', `campaigns.scenario.errors.${copied.outcome}`)
    }
    session.flash('success', i18n.t('campaigns.scenario.flash.copied'))
    return response.redirect().toPath(`/campaigns/scenarios/${copied.slug}/edit`)
  }

  async edit({ params, response, view }: HttpContext) {
    const versions = await Scenario.versionsOrFail(params.slug)
    if (await Scenario.haveServed(versions)) return response.redirect().toPath(pathOf(params.slug))
    return view.render('pages/campaigns/scenario_edit', {
      slug: params.slug,
      versions,
      most: MOST_STEPS,
      lastDay: LAST_DAY,
      channels: STEP_CHANNELS,
      modes: STEP_MODES,
    })
  }

  async update(ctx: HttpContext) {
    const { params, request, response, session, i18n } = ctx
    await Scenario.versionsOrFail(params.slug)
    const form = await request.validateUsing(scenarioStepsForm)
    const b2b = readSteps(form.b2b)
    const b2c = readSteps(form.b2c)
    if (!b2b.steps || !b2c.steps) return refuseFields(ctx, wordsOf({ b2b, b2c }, i18n))
    const outcome = await new ChangeSteps().handle(params.slug, { b2b: b2b.steps, b2c: b2c.steps })
    session.flash(outcome === 'changed' ? 'success' : 'error', i18n.t(`campaigns.scenario.flash.${outcome}`))
    return response.redirect().toPath(pathOf(params.slug))
  }

  async destroy({ params, response, session, i18n }: HttpContext) {
    await Scenario.versionsOrFail(params.slug)
    const outcome = await new RemoveScenario().handle(params.slug)
    session.flash(outcome === 'removed' ? 'success' : 'error', i18n.t(`campaigns.scenario.flash.${outcome}`))
    const [first] = await Scenario.slugs()
    return response.redirect().toPath(pathOf(outcome === 'removed' ? first! : params.slug))
  }
}

const pathOf = (slug: string) => `/campaigns/scenarios/${slug}`

/** Each refusal beside its field, saying which version and which row. */
function wordsOf(read: Record<'b2b' | 'b2c', { refusals: StepRefusal[] }>, i18n: HttpContext['i18n']) {
  const messages: Record<string, string[]> = {}
  for (const kind of ['b2b', 'b2c'] as const) {
    const version = i18n.t(`campaigns.kinds.${kind}`)
    for (const { row, field, reason } of read[kind].refusals) {
      const words = i18n.t(`campaigns.scenario.errors.${reason}`, { version, row: row + 1 })
      ;(messages[`${kind}.${row}.${field}`] ??= []).push(words)
    }
  }
  return messages
}
