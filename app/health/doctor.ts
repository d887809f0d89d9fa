import * as business from '#health/checks/business'
import * as configuration from '#health/checks/configuration'
import * as database from '#health/checks/database'
import * as mail from '#health/checks/mail'
import * as machine from '#health/checks/machine'
import { examine, type CheckResult } from '#health/finding'

/** What is configured, what is missing, what is at risk. The rest of a missing database is not looked at. */
export async function examineAll(): Promise<CheckResult[]> {
  const place = await examine([machine.node, machine.storage, machine.disk, database.migrations])
  const stored = place.some(({ name, status }) => name === 'migrations' && status === 'fail')
    ? []
    : await examine([
        database.durability,
        database.integrity,
        ...Object.values(business),
        ...Object.values(mail),
      ])
  return [
    ...place,
    ...stored,
    ...(await examine([machine.chromium, machine.fonts])),
    ...(await examine(Object.values(configuration))),
  ]
}

/** What must hold for this process to serve: asked often, so only what is quick. */
export const examineReadiness = () =>
  examine([database.migrations, database.durability, machine.storage, machine.disk])
