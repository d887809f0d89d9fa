import type { ApplicationService } from '@adonisjs/core/types'
import env from '#start/env'
import type { InlineScheduler } from '#scheduler/inline_scheduler'

/** `SCHEDULER=inline`, the default: the web process also does what time sets off. */
export default class SchedulerProvider {
  #scheduler: InlineScheduler | null = null

  constructor(protected app: ApplicationService) {}

  async ready() {
    if (this.app.getEnvironment() !== 'web' || env.get('SCHEDULER', 'inline') === 'off') return
    const { InlineScheduler } = await import('#scheduler/inline_scheduler')
    const { tick } = await import('#scheduler/tick')
    this.#scheduler = new InlineScheduler((at, signal) => tick(at, { untilIdle: true, signal }))
    this.#scheduler.start()
  }

  async shutdown() {
    await this.#scheduler?.stop()
  }
}
