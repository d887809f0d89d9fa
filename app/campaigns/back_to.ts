import type { HttpContext } from '@adonisjs/core/http'

/** Where an act done from a file's page returns, else the agenda. Never an address that a form gave. */
export const backTo = (response: HttpContext['response'], claim?: string) =>
  response.redirect().toPath(claim ? `/claims/${encodeURIComponent(claim)}` : '/')
