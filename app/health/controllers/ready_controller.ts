import type { HttpContext } from '@adonisjs/core/http'
import { examineReadiness } from '#health/doctor'
import type { CheckResult } from '#health/finding'

/** However often a probe comes, the disk is written to at most once in this time. */
const KEPT_MS = 2000

let kept: { until: number; results: Promise<CheckResult[]> } | null = null

export default class ReadyController {
  /** 503 when this process should get no visitors: names what is wrong, not why (anyone may ask). */
  async show({ response }: HttpContext) {
    if (!kept || kept.until < performance.now()) {
      kept = { until: performance.now() + KEPT_MS, results: examineReadiness() }
    }
    const results = await kept.results
    const ready = results.every(({ status }) => status !== 'fail')
    const checks = Object.fromEntries(results.map(({ name, status }) => [name, status]))
    response.header('Cache-Control', 'no-store').status(ready ? 200 : 503)
    return response.send({ status: ready ? 'ok' : 'fail', checks })
  }
}
