import Letter from '#letters/models/letter'
import Ere from '#registered_mail/ere/models/ere'

/** @throws the framework's 404 when no ERE has that reference */
export async function findEre(ref: string): Promise<{ ere: Ere; letter: Letter }> {
  const letter = await Letter.findByOrFail('ref', ref)
  return { letter, ere: await Ere.findByOrFail('letterId', letter.id) }
}
