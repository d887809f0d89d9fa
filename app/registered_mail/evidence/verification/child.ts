/**
 * The verifier's process. It is given one ZIP on standard input, has no right but to read its own
 * code, and answers in one JSON line. Whatever a file does to it, the application only sees it end.
 */
import { buffer } from 'node:stream/consumers'
import { verifyBundle } from '#registered_mail/evidence/verification/read_bundle'
import type { Trust } from '#registered_mail/evidence/verification/report'

const trust = JSON.parse(process.argv[2]!) as Trust
const report = await verifyBundle(await buffer(process.stdin), trust)
process.stdout.write(JSON.stringify(report), () => process.exit(0))
