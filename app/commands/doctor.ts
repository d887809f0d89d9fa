import { AmiableCommand } from '#shared/command'

const MARKS = { ok: '✔', warn: '!', fail: '✘' }

export default class Doctor extends AmiableCommand {
  static override commandName = 'doctor'
  static override description = 'What is configured, what is missing, what is at risk'
  static override needsDatabase = false

  override async run() {
    const { examineAll } = await import('#health/doctor')
    const checks = await examineAll()
    const width = Math.max(...checks.map(({ name }) => name.length))
    this.answer(
      { checks },
      checks.map(({ name, status, message }) => `${MARKS[status]} ${name.padEnd(width)}  ${message}`)
    )
    const failed = checks.filter(({ status }) => status === 'fail')
    if (failed.length > 0) this.refuse(`To put right: ${failed.map(({ name }) => name).join(', ')}`)
  }
}
