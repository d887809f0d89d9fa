/**
 * The moments of a delivery at which a process may die. Nothing listens in the
 * product; the fault harness registers a listener in its own child processes.
 */
export const CHECKPOINTS = ['leased', 'composed', 'departed', 'handed_over', 'settled'] as const
export type Checkpoint = (typeof CHECKPOINTS)[number]

type Listener = (checkpoint: Checkpoint, deliveryId: number) => void | Promise<void>

let listener: Listener | null = null

export function listenAtCheckpoints(listen: Listener | null) {
  listener = listen
}

export async function reached(checkpoint: Checkpoint, deliveryId: number) {
  if (listener) await listener(checkpoint, deliveryId)
}
