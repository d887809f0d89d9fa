import type { CheckRules } from '#imports/checking/check_row'
import type { Sheet } from '#imports/checking/sheet'
import type { Field } from '#imports/fields'
import { readAddress, type PostalAddress } from '#imports/normalise/addresses'
import {
  companyName,
  isPrivatePerson,
  namesCompany,
  personName,
  readCivility,
  splitCivility,
} from '#imports/normalise/names'
import { readSiren } from '#imports/normalise/siren'

export type CheckedDebtor = {
  kind: 'b2b' | 'b2c' | null
  civility: string | null
  fullName: string | null
  companyName: string | null
  siren: string | null
  sirenValid: boolean
  address: PostalAddress | null
}

/** Who owes: B2B when a company is named, wherever that is, else B2C (rule 57). */
export function checkDebtor(sheet: Sheet, { creditorSiren }: CheckRules): CheckedDebtor {
  const amongPeople = companyAmongPeople(sheet)
  const { civility, fullName } = amongPeople ? NOBODY : person(sheet)
  const company = amongPeople ?? companyOf(sheet)
  if (!fullName && !company) sheet.reject('full_name', 'identity_missing')
  const address = addressOf(sheet)
  const { siren, sirenValid } = sirenOf(sheet, creditorSiren ?? null)
  const kind = company ? 'b2b' : fullName ? 'b2c' : null
  return { kind, civility, fullName, companyName: company, siren, sirenValid, address }
}

const NOBODY = { civility: null, fullName: null }

/** A table with one column of clients names companies there; a civility makes a person of any name. */
function companyAmongPeople(sheet: Sheet): string | null {
  const text = sheet.text('full_name')
  if (!namesCompany(text) || sheet.text('company_name') || sheet.text('civility')) return null
  const name = companyName(text).slice(0, 200)
  if (sheet.became('full_name', name)) sheet.warn('full_name', 'name_reformatted')
  return name
}

function person(sheet: Sheet): { civility: string | null; fullName: string | null } {
  const parts = sheet.has('full_name')
    ? sheet.text('full_name')
    : [sheet.text('first_name'), familyName(sheet)].filter(Boolean).join(' ')
  const split = splitCivility(parts)
  const named = split.name ? personName(split.name).slice(0, 120) : ''
  const field: Field = sheet.has('full_name') ? 'full_name' : 'last_name'
  if (sheet.became(field, named, parts) && named !== split.name) sheet.warn(field, 'name_reformatted')

  const given = sheet.text('civility')
  const civility = readCivility(given) ?? split.civility
  if (given) sheet.became('civility', readCivility(given))
  return { civility, fullName: named || null }
}

/** Its own column says which part is the family name, so its capitals do not. */
function familyName(sheet: Sheet): string {
  const name = sheet.text('last_name')
  return name ? personName(name) : ''
}

function companyOf(sheet: Sheet): string | null {
  const text = sheet.text('company_name')
  if (!text || isPrivatePerson(text)) {
    sheet.became('company_name', null)
    return null
  }
  const name = companyName(text).slice(0, 200)
  if (sheet.became('company_name', name)) sheet.warn('company_name', 'name_reformatted')
  return name
}

function addressOf(sheet: Sheet): PostalAddress | null {
  const parts = {
    address: sheet.lines('address'),
    complement: sheet.text('complement'),
    postcode: sheet.text('postcode'),
    city: sheet.text('city'),
    country: sheet.text('country'),
  }
  const field: Field = sheet.has('address') ? 'address' : 'postcode'
  if (!parts.address && !parts.complement && !parts.postcode && !parts.city) {
    sheet.reject(field, 'address_missing')
    return null
  }
  const reading = readAddress(parts)
  if (!reading.ok) {
    sheet.reject(field, 'address_incomplete', reading.foreign ?? undefined)
    return null
  }
  noteAddress(sheet, field, reading.address)
  return reading.address
}

/** Capitals of the town and the comma after the number are the norm, not a change worth showing. */
function noteAddress(sheet: Sheet, field: Field, address: PostalAddress) {
  const before = (['address', 'complement', 'postcode', 'city'] as const)
    .map((part) => sheet.whole(part))
    .filter(Boolean)
    .join(' ')
  const after = [address.street, address.complement, address.postcode, address.city].filter(Boolean).join(' ')
  if (plain(before) !== plain(after)) sheet.became(field, after, before)
}

const plain = (text: string) => text.toLocaleLowerCase('fr').replaceAll(',', '')

function sirenOf(sheet: Sheet, creditorSiren: string | null): { siren: string | null; sirenValid: boolean } {
  const text = sheet.text('siren')
  if (!text) return { siren: null, sirenValid: false }
  const { siren, valid } = readSiren(text)
  if (siren !== null && siren === creditorSiren) {
    // Kept, it would make one file of all the rows that bear it.
    sheet.warn('siren', 'siren_checksum', siren)
    sheet.became('siren', null)
    return { siren: null, sirenValid: false }
  }
  if (!valid) sheet.warn('siren', 'siren_checksum')
  if (siren === null || siren !== text.replace(/[\s.]/g, '')) sheet.became('siren', siren)
  return { siren, sirenValid: valid }
}
