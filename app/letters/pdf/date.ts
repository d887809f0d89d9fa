import { clock } from '#shared/clock'

/** Now, as PDF writes it: `D:20261122135351Z`. */
export const pdfDate = () => `D:${clock.now().slice(0, 19).replace(/[-T:]/g, '')}Z`
