import { DomainError } from '../errors.ts'
import type { RemakeState } from './remake-store.ts'

export const remakeUnderWay = (): DomainError =>
  new DomainError(
    'conflict',
    'reprocess_under_way',
    'The variants of this project are being remade already. Wait for that run, or cancel it.',
  )

export const remakeTransition = (from: RemakeState, to: RemakeState): DomainError =>
  new DomainError('conflict', 'invalid_transition', `A run that is ${from} cannot become ${to}.`, {
    actual: from,
    reason: to,
  })

export const remakeHides = (from: RemakeState): DomainError =>
  new DomainError(
    'conflict',
    'invalid_transition',
    'This run takes pictures out of public places, because their project became private. Let it end, or make the project public again.',
    { actual: from, reason: 'cancelled' },
  )

export const tooManyToRemake = (limit: number, actual: number): DomainError =>
  new DomainError(
    'invalid',
    'invalid_request',
    `A run names 1 to ${limit} images, or none; this one names ${actual}.`,
    {
      limit,
      actual,
    },
  )
