import edge from 'edge.js'
import app from '@adonisjs/core/services/app'
import { describeField, fieldErrors, fieldId, fieldValue, formWasSent, refusals } from '#shared/forms'
import { attributes } from '#shared/markup'
import { instantText, momentText, monthText } from '#shared/moments'
import { formatDecimal, formatEuros } from '#shared/money'
import { addressWith, pagerOf, pageUrl } from '#shared/pages'
import { formatCount, frenchDate, frenchPercent, ibanText, phoneText, sirenText } from '#shared/french'
import { eventTitle, statusTone } from '#claims/wording'
import { isBelowMinimum, semesterOf } from '#claims/rates'
import { clock } from '#shared/clock'
import { planTone } from '#payments/plans/wording'
import { sanitise } from '#letters/templates/html'
import { recipientText, subjectMatterText } from '#deliveries/wording'
import { saidText } from '#reporting/agenda/item'

/**
 * A template is read again only where it is being written. Edge would still list the folders of
 * components at every page: it decides before anybody can configure it.
 */
edge.configure({ cache: !app.inDev })
if (!app.inDev) {
  const { loader } = edge
  const list = loader.listComponents.bind(loader)
  let known: ReturnType<typeof list> | undefined
  loader.listComponents = () => (known ??= list())
}

/** Templates format and print; they hold no arithmetic and no queries. */
edge.global('euros', formatEuros)
edge.global('decimal', formatDecimal)
edge.global('frenchDate', frenchDate)
edge.global('instantText', instantText)
edge.global('momentText', momentText)
edge.global('monthText', monthText)
edge.global('frenchPercent', frenchPercent)
edge.global('ibanText', ibanText)
edge.global('phoneText', phoneText)
edge.global('sirenText', sirenText)
edge.global('count', formatCount)
edge.global('attributes', attributes)
edge.global('statusTone', statusTone)
edge.global('planTone', planTone)
/** Rule 21, for what is agreed today. */
edge.global('isBelowLeastRate', (bps: number) => isBelowMinimum(bps, semesterOf(clock.today())))
edge.global('eventTitle', eventTitle)
edge.global('matterText', subjectMatterText)
edge.global('recipientText', recipientText)
edge.global('saidText', saidText)
/** Read again as it is shown, though it was when it was stored. */
edge.global('cleanWords', sanitise)

/** What the form components need (resources/views/components/field). */
edge.global('describeField', describeField)
edge.global('fieldId', fieldId)
edge.global('fieldErrors', fieldErrors)
edge.global('fieldValue', fieldValue)
edge.global('formWasSent', formWasSent)
edge.global('refusals', refusals)
edge.global('pageUrl', pageUrl)
edge.global('pagerOf', pagerOf)
edge.global('addressWith', addressWith)
