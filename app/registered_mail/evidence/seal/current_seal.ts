import { createPrivateKey, sign, X509Certificate, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import encryption from '@adonisjs/core/services/encryption'
import db from '@adonisjs/lucid/services/db'
import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import { sealSettings } from '#config/evidence'
import { instantOf, machineNow, type Instant } from '#shared/clock'
import { Refusal } from '#shared/refusal'
import { transaction } from '#shared/transaction'
import Agency from '#agency/models/agency'
import type { Sealer } from '#registered_mail/evidence/crypto/sign'
import {
  issueSeal,
  makeAuthority,
  revocationList,
  type Issued,
  type SealName,
} from '#registered_mail/evidence/seal/authority'
import { sealerFromP12 } from '#registered_mail/evidence/seal/p12'
import { DateTime } from 'luxon'

const RENEWED_DAYS_BEFORE = 30
const AUTHORITY_LOCK = 2_026_0017
const PURPOSE = 'seal'

let bought: { file: string; sealer: Sealer } | null = null

/**
 * What seals today: the bought certificate that SEAL_P12 names, else the installation's own, whose
 * authority and first certificate are made when first asked for.
 */
export async function currentSeal(): Promise<Sealer> {
  if (sealSettings.file) return boughtSeal(sealSettings.file)
  const row = (await newestSeal(db.connection())) ?? (await renewSeal())
  if (row.valid_until_at <= machineNow()) throw new Refusal('The seal has ended: run "seal:renew"')
  const authority = await authorityRow(db.connection())
  return ownSealer(row, authority!)
}

async function boughtSeal(file: string): Promise<Sealer> {
  if (bought?.file === file) return bought.sealer
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(`SEAL_P12 cannot be read: ${error.code ?? error.message}`)
  })
  const sealer = await sealerFromP12(bytes, sealSettings.password)
  bought = { file, sealer }
  return sealer
}

interface SealRow {
  certificate: string
  key_encrypted: string
  revocations: string | null
  valid_until_at: Instant
}

const newestSeal = (client: QueryClientContract): Promise<SealRow | null> =>
  client.from('seal_certificates').where('kind', 'seal').orderBy('id', 'desc').first()

const authorityRow = (client: QueryClientContract): Promise<SealRow | null> =>
  client.from('seal_certificates').where('kind', 'authority').first()

/** The certificates of the authorities whose seals this installation makes or has made, PEM. */
export async function sealAuthorities(): Promise<string[]> {
  const own = await authorityRow(db.connection())
  const current = sealSettings.file ? await currentSeal() : null
  return [
    ...(current ? [(current.chain.at(-1) ?? current.certificate).toString()] : []),
    ...(own ? [own.certificate] : []),
  ]
}

/** True when the installation's own seal is to be renewed: it ends within a month. */
export async function sealEndsSoon(): Promise<boolean> {
  const row = await newestSeal(db.connection())
  if (sealSettings.file || !row) return false
  const soon = instantOf(DateTime.fromISO(machineNow()).plus({ days: RENEWED_DAYS_BEFORE }))
  return row.valid_until_at <= soon
}

/** A new certificate from the installation's authority, which is made when there is none. */
export async function renewSeal(): Promise<SealRow> {
  const agency = await Agency.currentOrFail()
  const name = { commonName: agency.name, organisation: agency.name, siren: agency.siren }
  return transaction(async (trx) => {
    if (trx.dialect.name === 'postgres')
      await trx.rawQuery('select pg_advisory_xact_lock(?)', [AUTHORITY_LOCK])
    const now = DateTime.fromISO(machineNow()).toJSDate()
    const authority = await authorityIn(trx, name, now)
    const seal = issueSeal(authority, name, now)
    const list = revocationList(authority, now, seal.certificate.validToDate)
    await keep(trx, 'seal', seal, list)
    return (await newestSeal(trx))!
  })
}

async function authorityIn(trx: TransactionClientContract, name: SealName, now: Date): Promise<Issued> {
  const row = await authorityRow(trx)
  if (row) return { certificate: new X509Certificate(row.certificate), key: keyOf(row) }
  const made = makeAuthority(name, now)
  await keep(trx, 'authority', made, null)
  return made
}

async function keep(
  trx: TransactionClientContract,
  kind: 'authority' | 'seal',
  { certificate, key }: Issued,
  revocations: Buffer | null
) {
  await trx.table('seal_certificates').insert({
    kind,
    certificate: certificate.toString(),
    key_encrypted: encryption.encrypt(key.export({ type: 'pkcs8', format: 'pem' }), undefined, PURPOSE),
    revocations: revocations && pemList(revocations),
    valid_until_at: instantOf(DateTime.fromJSDate(certificate.validToDate)),
    created_at: machineNow(),
  })
}

function keyOf({ key_encrypted: encrypted }: SealRow): KeyObject {
  const pem = encryption.decrypt<string>(encrypted, PURPOSE)
  if (!pem) throw new Refusal('The key of the seal cannot be read with this APP_KEY')
  return createPrivateKey(pem)
}

function ownSealer(row: SealRow, authority: SealRow): Sealer {
  const key = keyOf(row)
  return {
    certificate: new X509Certificate(row.certificate),
    chain: [new X509Certificate(authority.certificate)],
    sign: async (bytes) => sign('sha256', bytes, key),
    revocations: row.revocations ? listFrom(row.revocations) : null,
  }
}

export const pemList = (der: Buffer) =>
  `-----BEGIN X509 CRL-----\n${der
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')
    .trimEnd()}\n-----END X509 CRL-----\n`

const listFrom = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')
