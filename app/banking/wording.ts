import type { I18n } from '@adonisjs/i18n'
import type { RefusalCode } from '#banking/statements/statement'
import { SYSTEM_REASONS } from '#banking/models/bank_line'

/** Why a statement did not enter, and where in the file, as a person reads it. */
export function refusalText(
  i18n: I18n,
  { code, at, text }: { code: RefusalCode; at: number | null; text: string | null }
): string {
  const why = i18n.t(`statements.refusals.${code}`, { text: text ?? '' })
  return at === null ? why : i18n.t('statements.refused_at', { at, why })
}

/** Why a line is set aside: our reasons in the reader's language, a person's as they wrote them. */
export function ignoredText(i18n: I18n, reason: string | null): string {
  const ours = SYSTEM_REASONS.find((one) => one === reason)
  return ours ? i18n.t(`statements.ignored.${ours}`) : (reason ?? '')
}
