import { DomainError } from '../errors.ts'

/** Another try may succeed. */
export const mailUnavailable = (cause: unknown): DomainError =>
  new DomainError('network', 'mail_unavailable', 'The mail server did not take the mail; it is tried again.', {}, cause)

/** No other try will: the recipient or the mail itself was refused. */
export const mailRefused = (cause: unknown): DomainError =>
  new DomainError('content', 'mail_refused', 'The mail server refused this mail for good.', {}, cause)
