import env from '#start/env'

/** Who carries letters when neither the agency nor the step says: a person, unless told otherwise. */
export const defaultRoutes = {
  simple: env.get('PRINT_DRIVER', 'manual'),
  lrar: env.get('REGISTERED_DRIVER', 'manual'),
}

/** Where the `folder` route puts letters for a printer. */
export const printFolder = env.get('PRINT_FOLDER') ?? null
