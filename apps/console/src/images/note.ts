import { CalotypeError } from '@calotype/sdk'

/** For the lab: what to look up in the server's log. */
export const noteOf = (error: unknown): string | null =>
  error instanceof CalotypeError && error.requestId !== null ? `${error.code} · request ${error.requestId}` : null
