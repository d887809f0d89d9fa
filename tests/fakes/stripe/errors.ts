/** The body of Stripe's error answers. */
export interface ErrorBody {
  type: 'invalid_request_error' | 'idempotency_error' | 'api_error' | 'card_error'
  message: string
  code?: string
  param?: string
  decline_code?: string
  /** The intent of a charge that the bank refused. */
  payment_intent?: object
}

/** An answer that is not 2xx, thrown by whatever refuses and written by the server. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    /** Stripe keeps the first answer of a key, except when it refused before doing anything. */
    readonly keptForKey = false
  ) {
    super(body.message)
  }
}

export const invalid = (message: string, details: Partial<ErrorBody> = {}) =>
  new Refusal(400, { type: 'invalid_request_error', message, ...details })

export const missingParameter = (param: string) =>
  invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param })

export const notFound = (what: string, id: string, param: string) =>
  new Refusal(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param,
  })

/** Stripe says the same of an account that does not exist and of one that is not connected. */
export const noAccess = (account: string) =>
  new Refusal(403, {
    type: 'invalid_request_error',
    code: 'account_invalid',
    message: `The provided key does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
  })

export const unknownPath = (method: string, path: string) =>
  new Refusal(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  })
