import type { HttpRequest } from '@adonisjs/core/http'

/** Where a list stands, as the foot of its page shows it; a Lucid paginator is one too. */
export type ListPage = { total: number; perPage: number; currentPage: number; lastPage: number }

const MOST = 100_000

/** The page that an address asks for; the first when it makes no sense. */
export function pageAsked(asked: unknown): number {
  const page = Number(asked)
  return Number.isInteger(page) && page >= 1 && page <= MOST ? page : 1
}

export function listPage(total: number, perPage: number, currentPage: number): ListPage {
  return { total, perPage, currentPage, lastPage: Math.max(1, Math.ceil(total / perPage)) }
}

/** What the foot of a list says and links to; past the last page, only the way back. */
export function pagerOf({ total, perPage, currentPage, lastPage }: ListPage) {
  const before = (currentPage - 1) * perPage
  return {
    total,
    range: before < total ? { from: before + 1, to: Math.min(before + perPage, total) } : null,
    page: currentPage,
    pages: lastPage,
    previous: currentPage > 1 ? Math.min(currentPage - 1, lastPage) : null,
    next: currentPage < lastPage ? currentPage + 1 : null,
  }
}

/** The address of another page of the same list, its filters kept. */
export function pageUrl(request: HttpRequest, page: number): string {
  return addressWith(request, { page: String(page) })
}

/** The address of a page, this one unless told, with some of the query changed and the rest kept; null takes one out. */
export function addressWith(
  request: HttpRequest,
  changes: Record<string, string | null>,
  path = request.url()
): string {
  const query = new URLSearchParams(
    Object.entries(request.qs()).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, String(one)])
    )
  )
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name)
    else query.set(name, value)
  }
  return query.size > 0 ? `${path}?${query}` : path
}
