import type { Account } from '#claims/posting'

/** The accounts of the export, of the French chart (PCG). Funds of creditors are never the agency's: only its fee is income. */
export const CHART = {
  dedicatedBank: { number: '512100', label: 'Banque, compte dédié aux fonds des créanciers' },
  agencyBank: { number: '512000', label: 'Banque, compte de l’agence' },
  creditors: { number: '467100', label: 'Créanciers, fonds à reverser' },
  suspense: { number: '467900', label: 'Fonds reçus en attente' },
  clients: { number: '411000', label: 'Clients, honoraires' },
  fees: { number: '706000', label: 'Honoraires de recouvrement' },
  vat: { number: '445710', label: 'TVA collectée' },
} as const

export type ChartAccount = keyof typeof CHART

/** Which of them a ledger account is; a fee that is kept settles its invoice (411), one that leaves goes to the agency's bank. */
export const CHART_OF: Partial<Record<Account, ChartAccount>> = {
  client_funds: 'dedicatedBank',
  creditor_payable: 'creditors',
  suspense: 'suspense',
  agency_bank: 'agencyBank',
  fee_receivable: 'clients',
}

/** A book of the export, each numbered on its own. */
export const JOURNALS = {
  ENC: 'Encaissements',
  RET: 'Retours de paiements',
  REV: 'Reversements',
  BQ: 'Règlements des honoraires facturés',
  VIR: 'Virements des honoraires retenus',
  VTE: 'Ventes',
} as const

export type Journal = keyof typeof JOURNALS
