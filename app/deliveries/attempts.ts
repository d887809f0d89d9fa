/** After so many tries a message that keeps failing is given up, visibly. */
export const MAX_ATTEMPTS = 8

/** How long to wait after the first, second… failure: about a day in all. */
const WAITS_IN_MINUTES = [1, 5, 15, 60, 180, 360, 720]

/** When nothing can leave at all, no message is to blame: all wait the same. */
export const UNREACHABLE_WAIT_MINUTES = 5

/** @param attempts how many have failed, at least 1 */
export function minutesAfter(attempts: number): number {
  return WAITS_IN_MINUTES[Math.min(attempts, WAITS_IN_MINUTES.length) - 1]!
}
