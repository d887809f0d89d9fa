import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { LaunchCampaign } from '#campaigns/launch/launch_campaign'
import { previewLaunch } from '#campaigns/launch/preview'
import { hasAutomaticStep, launchPage } from '#campaigns/launch/page'
import { findLaunchTarget } from '#campaigns/launch/target'
import Campaign from '#campaigns/models/campaign'
import Scenario from '#campaigns/models/scenario'
import { campaignList } from '#campaigns/queries/campaign_list'
import { campaignActions, campaignLetters, campaignProgress } from '#campaigns/queries/campaign_progress'
import { launchable } from '#campaigns/queries/launchable'
import { uncarriedKinds } from '#campaigns/queries/uncarried_kinds'
import { campaignFilters, launchForm } from '#campaigns/validators'

/** Scenarios launched on files: the list, the launch with what it would do, and how one goes. */
export default class CampaignsController {
  async index({ request, view }: HttpContext) {
    const [, asked] = await request.tryValidateUsing(campaignFilters)
    const [scenario] = await Scenario.slugs()
    return view.render('pages/campaigns/index', { campaigns: await campaignList(asked?.page ?? 1), scenario })
  }

  /** The files are chosen first; then the page shows everything before anything goes. */
  async create({ request, view }: HttpContext) {
    const [, asked] = await request.tryValidateUsing(launchForm)
    const found = await findLaunchTarget({ importRef: asked?.import, creditorRef: asked?.creditor })
    if (!found.found) return view.render('pages/campaigns/choose', { choices: await launchable() })
    const scenarios = await Scenario.slugs()
    const plan = { ...found, scenario: asked?.scenario ?? scenarios[0]!, on: asked?.on ?? clock.today() }
    const preview = await transaction((trx) => previewLaunch(trx, plan))
    const uncarried = await uncarriedKinds(preview.campaigns.map((planned) => planned.scenario))
    return view.render('pages/campaigns/create', {
      ...launchPage(preview),
      asked,
      plan,
      scenarios,
      uncarried,
    })
  }

  async store({ auth, request, response, session, i18n }: HttpContext) {
    const form = await request.validateUsing(launchForm)
    const found = await findLaunchTarget({ importRef: form.import, creditorRef: form.creditor })
    if (!found.found) return response.redirect().toPath('/campaigns/create')
    const scenario = form.scenario ?? (await Scenario.slugs())[0]!
    const plan = { ...found, scenario, on: form.on ?? clock.today() }
    const outcome = await new LaunchCampaign().handle({ ...plan, userId: auth.getUserOrFail().id })
    if (!outcome.launched) {
      session.flash(
        'error',
        outcome.refusals.map((reason) => i18n.t(`campaigns.refusals.${reason}`)).join(' ')
      )
      return response.redirect().withQs().toPath('/campaigns/create')
    }
    const [only, ...others] = outcome.campaigns
    const told = { count: outcome.campaigns.length, automatic: String(hasAutomaticStep(outcome.preview)) }
    session.flash('success', i18n.t('campaigns.flash.launched', told))
    return response.redirect().toPath(others.length > 0 ? '/campaigns' : `/campaigns/${only!.ref}`)
  }

  async show({ params, request, view }: HttpContext) {
    const campaign = await Campaign.query()
      .where('ref', params.ref)
      .preload('creditor')
      .preload('scenario')
      .firstOrFail()
    const [, asked] = await request.tryValidateUsing(campaignFilters)
    return view.render('pages/campaigns/show', {
      campaign,
      progress: await campaignProgress(campaign),
      letters: await campaignLetters(campaign),
      asked: asked ?? {},
      actions: await campaignActions(campaign, asked?.state ?? null, asked?.page ?? 1),
    })
  }
}
