import type { Instant } from '#shared/clock'
import type { MailingState, ProofKind, ProviderFact } from '#registered_mail/providers/provider'

type Meaning = Pick<ProviderFact, 'state' | 'proof'>

const means = (state: MailingState | null, proof: ProofKind | null = null): Meaning => ({ state, proof })

/**
 * `statut_courrier`, as listed in `ai-guides/besoin/webhooks.md` section 5 (the
 * « prix_en_charge » is theirs). What is not an end says nothing of one:
 * - `error` events may still be mended (`probleme_resolu`), so they have no state and
 *   only their code as reason; but once a letter is sent back it will not be delivered.
 * - `attente_presentation` and `distribution_en_cours` precede the first
 *   presentation, from which interest may run: they are not it.
 * - `distribue` is a delivery; that it was signed for is known when the receipt is there.
 * - Why a letter came back is not told, so `distribue_expediteur` is never `unclaimed` or `refused`.
 */
export const STATUSES: Readonly<Record<string, Meaning>> = {
  wait: means('provider_accepted'),
  imprime: means('printed'),
  pris_en_charge: means('handed_over'),
  prix_en_charge_pays_destinataire: means('handed_over'),
  traitement: means('handed_over'),
  traitement_pays_destination: means('handed_over'),
  transit_pays_intermediaire: means('handed_over'),
  entree_douane: means('handed_over'),
  sortie_douane: means('handed_over'),
  retenu_douane: means('handed_over'),
  attente_presentation: means('handed_over'),
  distribution_en_cours: means('handed_over'),
  attente_au_guichet: means('awaiting_pickup'),
  probleme_en_cours: means(null),
  probleme_resolu: means(null),
  non_distribuable: means(null),
  retour_expediteur: means('undeliverable'),
  distribue: means('delivered'),
  distribue_expediteur: means('undeliverable'),
  archivage_pnd: means('undeliverable'),
  retour_are: means('delivered_signed', 'receipt'),
  scan_pdd: means('handed_over', 'deposit'),

  envoye: means('sent', 'deposit'),
  accept_wait: means('awaiting_pickup'),
  accept_lock: means(null),
  accept_notification_error: means('notification_failed'),
  accepted: means('delivered_signed', 'receipt'),
  accepted_downloaded: means('delivered_signed', 'download'),
  expired: means('unclaimed'),
  refused: means('refused'),
}

/** These say why, in the provider's own word. */
const REASONS = new Set([
  'probleme_en_cours',
  'probleme_resolu',
  'non_distribuable',
  'retour_expediteur',
  'distribue_expediteur',
  'archivage_pnd',
  'accept_lock',
  'accept_notification_error',
  'retenu_douane',
])

/** One status of a sending that has one letter; null when it is none that we know. */
export function factOf(
  sendingId: string,
  status: string,
  { at, trackingNumber }: { at: Instant | null; trackingNumber: string | null }
): ProviderFact | null {
  if (!Object.hasOwn(STATUSES, status)) return null
  return {
    providerRef: sendingId,
    factKey: `${sendingId}:${status}`,
    ...STATUSES[status]!,
    at,
    registeredNumber: trackingNumber,
    reason: REASONS.has(status) ? status : null,
  }
}
