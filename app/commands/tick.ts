import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'

export default class Tick extends AmiableCommand {
  static override commandName = 'tick'
  static override description = 'Do all time-driven work due now, or at an instant'

  @flags.string({ description: 'As if it were this instant (ISO 8601), or the beginning of this day' })
  declare at?: string

  @flags.boolean({ description: 'Go on until nothing more is due at that instant' })
  declare untilIdle: boolean

  override async run() {
    const { clock } = await import('#shared/clock')
    const { tick } = await import('#scheduler/tick')
    const stop = new AbortController()
    this.app.terminating(() => stop.abort())

    const at = this.at ? this.instant('at', this.at) : clock.now()
    const outcome = await tick(at, { untilIdle: this.untilIdle, signal: stop.signal })
    this.answer(outcome, [
      ...Object.entries(outcome.done).flatMap(([name, count]) => (count > 0 ? `${name}: ${count}` : [])),
      ...outcome.deferred.map(({ claim, reason, until }) => `${claim} waits until ${until}: ${reason}`),
      ...outcome.failed.map(({ work, id, reason }) => `${work}${id ? ` ${id}` : ''} failed: ${reason}`),
    ])
    if (outcome.failed.some(({ id }) => id === undefined)) this.exitCode = 1
  }
}
