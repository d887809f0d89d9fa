import type { HttpContext } from '@adonisjs/core/http'

export default class LiveController {
  /** The process answers; nothing else is looked at. */
  show({ response }: HttpContext) {
    return response.header('Cache-Control', 'no-store').send({ status: 'ok' })
  }
}
