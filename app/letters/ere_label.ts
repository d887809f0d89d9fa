/**
 * What an ERE calls itself on every screen, email and PDF (rule 47, CPCE L100 and L101): whatever could
 * be taken for a "lettre recommandée électronique" is for qualified providers alone.
 */
export const ERE_NAME = 'Envoi électronique avec accusé de réception'
export const ERE_IS_NOT = 'n’est pas une lettre recommandée électronique qualifiée'
export const ERE_ARTICLE = '(art. L.100 CPCE)'

export const ERE_LABEL = `${ERE_NAME}\u00a0: ${ERE_IS_NOT} ${ERE_ARTICLE}.`
