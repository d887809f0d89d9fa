import type { Evidence } from '#registered_mail/evidence/actions/export_proof'
import type { PadesLevel } from '#registered_mail/evidence/chains'
import type { Sealer } from '#registered_mail/evidence/crypto/sign'
import { dossierPdf } from '#registered_mail/evidence/dossier/dossier_pdf'
import { sealPdf, type SealedPdf } from '#registered_mail/evidence/seal/seal_pdf'

/** What the last file reached: the next one most likely does too. */
let usual: PadesLevel = 'B-LTA'

/**
 * The evidence file, sealed. It says in its own words which level its seal has, so it is written for
 * the level hoped for, and again when the seal turns out to have another.
 */
export async function sealedDossier(evidence: Evidence, sealer: Sealer): Promise<SealedPdf> {
  const reason = `Dossier de preuve ${evidence.ref}, registre ${evidence.head}`
  let label = usual
  for (;;) {
    const written = await dossierPdf(evidence, { level: label, sealedBy: sealer.certificate })
    const sealed = await sealPdf(written, sealer, { reason, atMost: label })
    if (sealed.level === label) return sealed
    // Each turn writes what the last seal reached and asks for no more: at B-B nothing can be less.
    label = sealed.level
    usual = label
  }
}
