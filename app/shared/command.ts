import { styleText } from 'node:util'
import { BaseCommand, flags } from '@adonisjs/core/ace'
import { databaseExists, pendingMigrations } from '#database/migrations_state'
import { isCivilDate, parseInstant, type CivilDate, type Instant } from '#shared/clock'
import { progressBar, type Progress } from '#shared/progress'
import { Refusal } from '#shared/refusal'

/**
 * What every command shares: `--json` puts one JSON line on standard output and
 * nothing else there, everything said along the way goes to standard error, and
 * the exit code is 0 when done or 1 with one clear line when not.
 *
 *     export default class PrintLetters extends AmiableCommand {
 *       static override commandName = 'letters:print'
 *       static override description = 'One PDF of many letters'
 *
 *       override async run() {
 *         if (!this.out) this.refuse('Name the file to write with --out')
 *         const progress = this.progress(letters.length, 'letters')
 *         …progress.advance()
 *         return this.answer({ letters, pages })
 *       }
 *     }
 *
 * Commands are all loaded to run one of them: import what is heavy inside `run`.
 */
export abstract class AmiableCommand extends BaseCommand {
  static override options = { startApp: true }

  /** False for a command that must also run on a database that is missing or behind. */
  static needsDatabase = true

  @flags.boolean({ description: 'Print one JSON line on standard output and nothing else' })
  declare json: boolean

  override async prepare() {
    this.logger.useRenderer(standardError)
    const extra = this.parsed._
    if (extra.length > 0) this.refuse(`Unexpected argument "${extra[0]}"`)
    if ((this.constructor as typeof AmiableCommand).needsDatabase) await this.checkDatabase()
  }

  /**
   * Gives the outcome: the object itself with `--json`, else `told` or its
   * fields one per line. Called once, last.
   */
  protected answer(outcome: object, told: string | string[] = fieldsOf(outcome)) {
    const text = this.json ? JSON.stringify(outcome) : [told].flat().join('\n')
    process.stdout.write(`${text}\n`)
  }

  /** Ends the command: one clear line on standard error, exit code 1. */
  protected refuse(message: string): never {
    throw new Refusal(message)
  }

  /**
   * Ends the command with an outcome that is itself a refusal (rejected rows,
   * a failed check): the outcome is printed, the exit code is 1.
   */
  protected answerAndRefuse(outcome: object, message: string): never {
    if (this.json) this.answer(outcome)
    throw new Refusal(message)
  }

  /** A bar on standard error when it is a terminal; silent otherwise. */
  protected progress(total: number, label = ''): Progress {
    return progressBar(total, label)
  }

  /** A `YYYY-MM-DD` given with a flag, refused when it is not a day that exists. */
  protected day(flag: string, value: string): CivilDate {
    if (!isCivilDate(value)) this.refuse(`--${flag} takes a date written YYYY-MM-DD, not "${value}"`)
    return value
  }

  /** An ISO 8601 instant, or a date in Paris, given with a flag. */
  protected instant(flag: string, value: string): Instant {
    return parseInstant(value) ?? this.refuse(`--${flag} takes an instant in ISO 8601, not "${value}"`)
  }

  private async checkDatabase() {
    if (!databaseExists()) this.refuse('There is no database yet: run "npm run setup" first')
    const pending = await pendingMigrations()
    if (pending.length > 0) {
      this.refuse(`The database is behind by ${pending.length} migration(s): run "npm run setup" first`)
    }
  }
}

const standardError = {
  log: (message: string) => process.stderr.write(`${message}\n`),
  logError: (message: string) => process.stderr.write(`${message}\n`),
  logUpdate: (message: string) => process.stderr.write(`\r${message}`),
  logUpdatePersist: () => process.stderr.write('\n'),
  getLogs: () => [],
  flushLogs: () => {},
}

function fieldsOf(outcome: object): string[] {
  const entries = Object.entries(outcome)
  const width = Math.max(0, ...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => {
    const shown = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
    return `${styleText('dim', name.padEnd(width))}  ${shown}`
  })
}
