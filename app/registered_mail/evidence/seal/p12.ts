import { X509Certificate } from 'node:crypto'
import { Refusal } from '#shared/refusal'
import type { Sealer } from '#registered_mail/evidence/crypto/sign'

/** @throws Refusal in words for the operator when the file or its password is not right */
export async function sealerFromP12(bytes: Buffer, password: string): Promise<Sealer> {
  const { P12Signer } = await import('@libpdf/core')
  const signer = await P12Signer.create(new Uint8Array(bytes), password).catch((error: Error) => {
    throw new Refusal(`SEAL_P12 cannot be opened with SEAL_PASSWORD: ${error.message}`)
  })
  return {
    certificate: new X509Certificate(Buffer.from(signer.certificate)),
    chain: (signer.certificateChain ?? []).map((one) => new X509Certificate(Buffer.from(one))),
    sign: async (data) => Buffer.from(await signer.sign(new Uint8Array(data), 'SHA-256')),
    revocations: null,
  }
}
