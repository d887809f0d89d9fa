/** `warn`: works, with a risk or a part missing. `fail`: does not work, or must not be used so. */
export type Finding = { status: 'ok' | 'warn' | 'fail'; message: string }

export type Check = { name: string; find(): Promise<Finding> | Finding }

export type CheckResult = Finding & { name: string }

export const ok = (message: string): Finding => ({ status: 'ok', message })
export const warn = (message: string): Finding => ({ status: 'warn', message })
export const fail = (message: string): Finding => ({ status: 'fail', message })

/** Runs checks one after the other; one that throws has failed. */
export async function examine(checks: Check[]): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const { name, find } of checks) {
    try {
      results.push({ name, ...(await find()) })
    } catch (error) {
      results.push({ name, ...fail((error as Error).message.split('\n')[0]!) })
    }
  }
  return results
}
