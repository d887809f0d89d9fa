import edge from 'edge.js'
import { formatDecimal, formatEuros } from '#shared/money'
import { frenchDate, frenchInstant } from '#shared/french'

/** Templates format and print; they hold no arithmetic and no queries. */
edge.global('euros', formatEuros)
edge.global('decimal', formatDecimal)
edge.global('frenchDate', frenchDate)
edge.global('frenchInstant', frenchInstant)
