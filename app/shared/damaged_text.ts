/** A text that is not what its kind should be, cut short or malformed; `message` says how. */
export class DamagedText extends Error {
  override name = 'DamagedText'
}
