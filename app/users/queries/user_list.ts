import User from '#users/models/user'

/** Everyone who may sign in, with the creditor some of them belong to. */
export default class UserList {
  async page(page: number) {
    return User.query()
      .leftJoin('creditors', 'creditors.id', 'users.creditor_id')
      .select('users.*', 'creditors.name as creditor_name', 'creditors.ref as creditor_ref')
      .orderBy('users.full_name')
      .orderBy('users.id')
      .paginate(page, 50)
  }
}
