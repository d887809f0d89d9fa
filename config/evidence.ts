import env from '#start/env'

/** Who dates the events (RFC 3161), and whom its certificate must lead to. */
export const timestampSettings = {
  url: env.get('TSA_URL') || null,
  caFile: env.get('TSA_CA_FILE') || null,
  /** The policy asked for and expected; any when not set. */
  policy: env.get('TSA_POLICY') || null,
}

/** A bought seal; without it, the installation's own. */
export const sealSettings = {
  file: env.get('SEAL_P12') || null,
  password: env.get('SEAL_PASSWORD') || '',
}
