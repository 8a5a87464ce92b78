import { DomainError } from '../errors.ts'

/** The server does not call this address for anybody: said at once where the URL shows it, else as the failure of the image. */
export const importRefused = (reason: string): DomainError =>
  new DomainError('content', 'import_refused', `This address is not fetched: ${reason}.`, { reason })

/** The address was called and gave no file; another try will not help. */
export const importFailed = (reason: string): DomainError =>
  new DomainError('content', 'import_failed', `The file could not be fetched: ${reason}.`, { reason })

/** The same where another try may help: nobody answered, or the answer broke off. */
export const importInterrupted = (reason: string, cause?: unknown): DomainError =>
  new DomainError('network', 'import_failed', `The file could not be fetched: ${reason}.`, { reason }, cause)
