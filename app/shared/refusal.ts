/** Why a command will not do what it was asked, in one line for the person who asked. */
export class Refusal extends Error {
  override name = 'Refusal'
}
