import { DomainError } from '../errors.ts'
import type { Action } from './permissions.ts'

export const unauthorized = (): DomainError =>
  new DomainError('unauthorized', 'unauthorized', 'This call needs a valid credential: send `Authorization: Bearer …`.')

export const forbidden = (action: Action): DomainError =>
  new DomainError('forbidden', 'forbidden', `This credential may not do this (${action}).`, { reason: action })

/** The same for what does not exist and for what belongs to somebody else. */
export const notFound = (): DomainError =>
  new DomainError('not_found', 'not_found', 'There is nothing here under this id.')

export const linkSpent = (): DomainError =>
  new DomainError(
    'unauthorized',
    'unauthorized',
    'This sign-in link was used already or is over 15 minutes old. Start the server again for a new one.',
  )
