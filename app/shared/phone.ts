import { onDemand } from '#shared/on_demand'

const numbers = onDemand<typeof import('libphonenumber-js/max')>('libphonenumber-js/max')

/** A telephone number as somebody wrote it: with its prefix, or without when its country is given. */
export const readPhone = (text: string, country?: 'FR') => numbers().parsePhoneNumberFromString(text, country)
