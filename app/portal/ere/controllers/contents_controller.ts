import type { HttpContext } from '@adonisjs/core/http'
import logger from '@adonisjs/core/services/logger'
import db from '@adonisjs/lucid/services/db'
import { clock } from '#shared/clock'
import { readStoredFile } from '#shared/files'
import { HandOver } from '#registered_mail/ere/actions/hand_over'
import { isOpened } from '#registered_mail/ere/states'
import { actorOf, toSending } from '#portal/ere/pages'

/** The letter itself, to who accepted it. Only once its last byte has left is it said to be handed over. */
export default class ContentsController {
  async show(ctx: HttpContext) {
    const { recipient, request, response } = ctx
    const { ere, letter, isIdentified } = recipient
    if (!isIdentified || !isOpened(ere.state)) return toSending(ctx)
    const { content_sha256: sha256 } = await db
      .from('evidence_chains')
      .where('letter_id', letter.id)
      .firstOrFail()
    const bytes = await readStoredFile(sha256)
    if (request.method() === 'GET') {
      const input = { ereId: ere.id, sha256, bytes: bytes.byteLength, actor: actorOf(ctx) }
      const at = clock.now()
      response.onFinish((_, { writableFinished }) => {
        if (!writableFinished) return
        clock
          .at(at, () => new HandOver().handle(input))
          .catch((error: Error) => logger.error({ err: error, ere: ere.id }, 'a hand-over was not recorded'))
      })
    }
    response.header('Content-Type', 'application/pdf')
    response.header('Content-Disposition', `inline; filename="${letter.ref}.pdf"`)
    return response.send(bytes)
  }
}
