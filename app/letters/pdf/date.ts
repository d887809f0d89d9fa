import { clock, type Instant } from '#shared/clock'

/** An instant as PDF writes it: `D:20261122135351Z`. */
export const pdfDate = (at: Instant = clock.now()) => `D:${at.slice(0, 19).replace(/[-T:]/g, '')}Z`
