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

export const invalidApiKey = (reason: string, allowed?: readonly string[]): DomainError =>
  new DomainError('invalid', 'invalid_request', `This key cannot be made: ${reason}.`, {
    reason,
    ...(allowed ? { allowed } : {}),
  })

export const beyondMaker = (): DomainError =>
  new DomainError('forbidden', 'forbidden', 'A key cannot give more than its maker has.', { reason: 'beyond_maker' })

export const tooManyApiKeys = (limit: number, actual: number): DomainError =>
  new DomainError('conflict', 'api_key_limit', `An organisation has at most ${limit} live keys. Revoke one first.`, {
    limit,
    actual,
  })

export const issuerUnavailable = (cause?: unknown): DomainError =>
  new DomainError('network', 'issuer_unavailable', 'The keys of the token’s issuer cannot be had now.', {}, cause)

/** Operations that need a signed-in person, called with a key or the one-time link. */
export const personNeeded = (): DomainError =>
  new DomainError('forbidden', 'forbidden', 'Only a person who is signed in to an account may do this.', {
    reason: 'account_needed',
  })

export const lastOwner = (): DomainError =>
  new DomainError(
    'conflict',
    'last_owner',
    'An organisation always has an owner. Make somebody else one first, or delete the organisation.',
  )

export const lastProject = (): DomainError =>
  new DomainError('conflict', 'last_project', 'An organisation always has a project. Make another one first.')

export const nameTaken = (name: string): DomainError =>
  new DomainError('conflict', 'conflict', `There is a project named ${name} here already.`, { reason: 'name' })

export const limitReached = (what: string, limit: number): DomainError =>
  new DomainError('conflict', 'limit_reached', `At most ${limit} ${what} are possible.`, { limit })

export const invitationGone = (): DomainError =>
  new DomainError('gone', 'invitation_gone', 'This invitation was used, revoked or has expired. Ask for a new one.')

export const invitationForOther = (): DomainError =>
  new DomainError(
    'forbidden',
    'invitation_for_other',
    'This invitation was made for another e-mail address. Sign in with the account that has it.',
  )

export const invalidSetting = (
  field: string,
  message: string,
  details: { limit?: number; actual?: number | string; allowed?: readonly string[] } = {},
): DomainError => new DomainError('invalid', 'invalid_request', `${field} ${message}.`, { reason: field, ...details })

export const invalidListCursor = (): DomainError =>
  new DomainError('invalid', 'invalid_cursor', 'This cursor is not one that a list answered.', { reason: 'cursor' })

export const registrationClosed = (): DomainError =>
  new DomainError(
    'forbidden',
    'registration_closed',
    'New accounts are made by invitation only here. Ask an owner or admin for one.',
  )

/** Signed in, but nowhere a member: the answer to every call that needs an organisation. */
export const noOrganization = (): DomainError =>
  new DomainError(
    'not_found',
    'no_organization',
    'You belong to no organisation. Make one, or open the link of an invitation.',
  )
