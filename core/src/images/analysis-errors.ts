import { DomainError } from '../errors.ts'

export const impossibleAnalysis = (from: string, to: string): DomainError =>
  new DomainError('conflict', 'invalid_transition', `An analysis that is ${from} cannot become ${to}.`, {
    actual: from,
    reason: to,
  })

export const resultDiffers = (status: string): DomainError =>
  new DomainError('conflict', 'invalid_transition', `The analysis is ${status} already, with another result.`, {
    actual: status,
    reason: 'result',
  })

export const invalidResult = (reason: string, limit?: number): DomainError =>
  new DomainError('invalid', 'invalid_request', `\`result\` ${reason}.`, {
    reason: 'result',
    ...(limit === undefined ? {} : { limit }),
  })
