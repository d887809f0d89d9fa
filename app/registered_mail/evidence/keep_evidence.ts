import { AnchorChains } from '#registered_mail/evidence/actions/anchor_chains'
import { StampWaiting } from '#registered_mail/evidence/actions/stamp_waiting'
import { renewSeal, sealEndsSoon } from '#registered_mail/evidence/seal/current_seal'

/** What time sets off: the anchor of the day, the timestamps that wait, the seal that ends. */
export async function keepEvidence(signal?: AbortSignal) {
  const anchor = await new AnchorChains().daily()
  const { stamped, problem } = await new StampWaiting().handle(signal ? { signal } : {})
  const renewed = await sealEndsSoon()
  if (renewed) await renewSeal()
  return { anchors: anchor ? 1 : 0, timestamps: stamped, seals: renewed ? 1 : 0, problem }
}
