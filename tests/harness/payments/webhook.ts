const TRIES = 4

/**
 * Posts to the webhook as Stripe does: a connection that breaks is tried again.
 *
 * @returns the status of the answer
 */
export async function postWebhook(url: string, body: string, header: string | null): Promise<number> {
  for (let left = TRIES; ; left--) {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          ...(header === null ? {} : { 'stripe-signature': header }),
        },
      })
      await answer.body?.cancel()
      return answer.status
    } catch (error) {
      if (left === 1) throw error
    }
  }
}
