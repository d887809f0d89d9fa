import type { HttpContext } from '@adonisjs/core/http'
import Letter from '#letters/models/letter'
import { storyOf } from '#registered_mail/ere/queries/story'

/** D20: what happened to a letter, from its chain of evidence, for people. */
export default class StoriesController {
  async show({ params, view }: HttpContext) {
    const letter = await Letter.query().where('ref', params.ref).preload('claim').firstOrFail()
    return view.render('pages/eres/story', { letter, claim: letter.claim, story: await storyOf(letter.id) })
  }
}
