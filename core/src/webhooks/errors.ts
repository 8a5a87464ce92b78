import { DomainError } from '../errors.ts'
import type { UrlRefusal } from './webhook-sender.ts'

const REFUSALS: Record<UrlRefusal, string> = {
  not_a_url: 'is no URL',
  not_https: 'has to begin with https://',
  credentials: 'must not hold a name or password',
  fragment: 'must not have a fragment',
  private_address: 'leads to an address that is not public',
}

export const webhookUrlRefused = (reason: UrlRefusal): DomainError =>
  new DomainError('invalid', 'webhook_url_refused', `This URL cannot be used for a webhook: it ${REFUSALS[reason]}.`, {
    reason,
  })

export const invalidWebhook = (field: string, reason: string, limit: number): DomainError =>
  new DomainError('invalid', 'invalid_request', `\`${field}\` ${reason}.`, { reason: field, limit })
