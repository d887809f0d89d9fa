/** The names of what a bundle holds. Nothing else may be in it. */
export const PATHS = {
  dossier: 'dossier-de-preuve.pdf',
  letter: 'content/lettre.pdf',
  acknowledgement: 'content/accuse-de-reception.pdf',
  log: 'log/events.jsonl',
  root: 'anchor/root.bin',
  rootStamp: 'anchor/root.tsr',
  proof: 'anchor/proof.txt',
  sealAuthority: 'cert/seal-ca.pem',
  timestampAuthority: 'cert/tsa-ca.pem',
  revocations: 'cert/crl.pem',
  manifest: 'MANIFEST.sha256',
  manifestSeal: 'MANIFEST.sha256.p7s',
  verifier: 'verifier.sh',
  readme: 'LISEZMOI.txt',
} as const

/** The answer of the timestamp authority about an event: `tsr/0001.tsr`. */
export const stampPath = (seq: number) => `tsr/${String(seq).padStart(4, '0')}.tsr`

export const isStampPath = (path: string) => /^tsr\/\d{4,}\.tsr$/.test(path)

/** Without which there is nothing to verify. */
export const ALWAYS_THERE = [
  PATHS.dossier,
  PATHS.letter,
  PATHS.log,
  PATHS.sealAuthority,
  PATHS.manifest,
  PATHS.manifestSeal,
]
