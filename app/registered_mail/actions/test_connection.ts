import { appUrl } from '#config/app'
import type { Carrier } from '#registered_mail/carriers'

export type Tested =
  | { outcome: 'missing' }
  | { outcome: 'refused'; reason: string }
  | { outcome: 'answers'; account: string }
  /** It answers, and will not call us: its news come by asking. */
  | { outcome: 'silent'; account: string; reason: string }

/** "Tester la connexion": signs in, then asks to be called where a provider must be asked. */
export class TestConnection {
  async handle({ provider, subscribe }: Carrier, path: string): Promise<Tested> {
    if (!provider) return { outcome: 'missing' }
    const answer = await provider.test()
    if (!answer.ok) return { outcome: 'refused', reason: answer.reason }
    const { account } = answer
    if (!subscribe) return { outcome: 'answers', account }
    const refused = await subscribe(`${appUrl}${path}`).then(
      (asked) => asked.refused,
      (error: Error) => [error.message]
    )
    const [reason] = refused
    return reason ? { outcome: 'silent', account, reason } : { outcome: 'answers', account }
  }
}
