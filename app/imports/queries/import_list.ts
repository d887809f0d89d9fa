import type User from '#users/models/user'
import Import from '#imports/models/import'

const PAGE_SIZE = 30

/** The tables a user may see, the latest first. */
export async function importList(user: User, page: number) {
  const found = await Import.visibleTo(user)
    .preload('creditor')
    .orderBy('id', 'desc')
    .paginate(page, PAGE_SIZE)
  return found
}
