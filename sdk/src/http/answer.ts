import type { Problem } from '@calotype/contract'
import { CalotypeError } from '../errors.ts'
import { retryAfterMs } from './retry.ts'

export interface Answer {
  status: number
  header(name: string): string | null
  text: string
}

/** What the server sends is checked by the server against the contract; the client takes its word for the type. */
export function bodyOf<T>(answer: Answer): T {
  return JSON.parse(answer.text) as T
}

export function throwIfRefused(answer: Answer): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer
  throw refusal(answer)
}

export function refusal(answer: Answer): CalotypeError {
  const problem = problemOf(answer)
  return new CalotypeError({
    status: answer.status,
    code: problem.code ?? 'unexpected_answer',
    detail: problem.detail ?? problem.message ?? `The server answered ${answer.status} without saying why.`,
    details: problem.details,
    errors: problem.errors,
    imageId: problem.image_id,
    requestId: problem.request_id ?? answer.header('x-request-id'),
    retryAfterMs: retryAfterMs(answer.header('retry-after') ?? answer.header('x-retry-after')),
  })
}

/** The calls of accounts have their library's own form of errors: a code and a message. */
type Refusal = Partial<Problem> & { message?: string }

/** A proxy in between may answer HTML, storage XML: then there is no problem document, and the status must do. */
function problemOf(answer: Answer): Refusal {
  if (!/\bjson\b/.test(answer.header('content-type') ?? '')) return {}
  try {
    const parsed: unknown = JSON.parse(answer.text)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}
