import { jsonIn, textOf } from '#shared/http'
import { sameSecret } from '#registered_mail/providers/same_secret'
import type { WebhookReader } from '#registered_mail/providers/provider'

/**
 * Reads AR24's calls (knowledge base, "Obtenez le statut de vos courriers en temps réel avec un Webhook"): a form, or
 * JSON for those who asked for it, with `id_mail`, `new_state` and `proof_url`; repeated every quarter of an hour, 48
 * times at most, until the answer is 200.
 *
 * Nothing in it is signed. The secret in the address, which we gave with the letter, says that the call is theirs;
 * even so its body is not believed: it only says that there is something to ask.
 */
export function ar24Webhook(secret: string): WebhookReader {
  return {
    isAuthentic: (_headers, _body, { key } = {}) =>
      sameSecret(typeof key === 'string' ? key : undefined, secret),
    facts: (body, contentType = '') => {
      const fields = contentType.includes('json')
        ? (jsonIn(body) ?? {})
        : Object.fromEntries(new URLSearchParams(body.toString('utf8')))
      const id = textOf(fields.id_mail)
      const said = textOf(fields.new_state)
      if (!id || !/^\d{1,20}$/.test(id) || !said) return []
      const factKey = `${id}:told:${said.slice(0, 40)}`
      return [
        {
          providerRef: id,
          factKey,
          state: null,
          proof: null,
          at: null,
          registeredNumber: null,
          reason: null,
        },
      ]
    },
  }
}
