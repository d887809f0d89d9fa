import { transaction } from '#shared/transaction'
import CreateUser from '#users/actions/create_user'
import User from '#users/models/user'

type FirstAdmin = { email: string; fullName: string; password: string }

/**
 * Ends the first run: makes the first administrator. The check and the creation
 * are one transaction, so a second visitor never becomes an administrator.
 *
 * @returns null when somebody already exists
 */
export default class AppointFirstAdmin {
  async handle(input: FirstAdmin): Promise<User | null> {
    return transaction(async (trx) => {
      if (await User.any(trx)) return null
      const created = await new CreateUser().handle({ ...input, role: 'admin' }, trx)
      return created.outcome === 'created' ? created.user : null
    })
  }
}
