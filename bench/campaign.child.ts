/**
 * One measure of the campaign bench, in a process and on a database of its own:
 * `campaign.child.ts <ours|lucid> <steps>` prints `{ seconds, plan, execute, peakMb }`.
 */
import { onEmptyDatabase } from './ground.ts'

const [method, size] = process.argv.slice(2)
const steps = Number(size)

const measured = await onEmptyDatabase(async () => {
  const { populate } = await import('./campaign.sample.ts')
  const campaign = await populate(steps)
  const { lucid, ours } = await import('./campaign.ways.ts')
  return (method === 'lucid' ? lucid : ours)(campaign, steps)
})
console.log(JSON.stringify({ ...measured, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }))
