/** A timestamp authority in a process of its own, as a real one is; it prints where it is, and ends with its input. */
import { TimestampAuthority } from '#tests/fakes/timestamp_authority'

const authority = await new TimestampAuthority().start()
console.log(JSON.stringify({ url: authority.url, caFile: authority.caFile }))
process.stdin.resume().once('end', () => void authority.stop())
