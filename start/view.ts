import edge from 'edge.js'
import {
  describeField,
  fieldErrors,
  fieldId,
  fieldValue,
  formWasSent,
  pageUrl,
  refusals,
} from '#shared/forms'
import { attributes } from '#shared/markup'
import { formatDecimal, formatEuros } from '#shared/money'
import {
  formatCount,
  frenchDate,
  frenchInstant,
  frenchPercent,
  ibanText,
  phoneText,
  sirenText,
} from '#shared/french'
import { eventTitle, statusTone } from '#claims/wording'
import { subjectMatterText } from '#deliveries/wording'

/** Templates format and print; they hold no arithmetic and no queries. */
edge.global('euros', formatEuros)
edge.global('decimal', formatDecimal)
edge.global('frenchDate', frenchDate)
edge.global('frenchInstant', frenchInstant)
edge.global('frenchPercent', frenchPercent)
edge.global('ibanText', ibanText)
edge.global('phoneText', phoneText)
edge.global('sirenText', sirenText)
edge.global('count', formatCount)
edge.global('attributes', attributes)
edge.global('statusTone', statusTone)
edge.global('eventTitle', eventTitle)
edge.global('matterText', subjectMatterText)

/** What the form components need (resources/views/components/field). */
edge.global('describeField', describeField)
edge.global('fieldId', fieldId)
edge.global('fieldErrors', fieldErrors)
edge.global('fieldValue', fieldValue)
edge.global('formWasSent', formWasSent)
edge.global('refusals', refusals)
edge.global('pageUrl', pageUrl)
