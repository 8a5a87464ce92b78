import type { Problem } from '@calotype/contract'
import { DomainError, type ErrorKind, notFound } from '@calotype/core'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

/** HTTP status of every kind of error; exhaustive, so that a new kind cannot be forgotten. */
export const STATUS_OF_KIND: Record<ErrorKind, number> = {
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  invalid: 400,
  unsupported: 415,
  conflict: 409,
  gone: 410,
  precondition: 412,
  range: 416,
  length_required: 411,
  too_large: 413,
  content: 422,
  rate_limited: 429,
  overloaded: 503,
  processing: 422,
  storage: 503,
  network: 503,
  internal: 500,
}

const TITLES: Record<ErrorKind, string> = {
  unauthorized: 'Sign in first',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  invalid: 'Invalid request',
  unsupported: 'Type not accepted',
  conflict: 'Conflict',
  gone: 'Gone',
  precondition: 'Already done',
  range: 'Range not satisfiable',
  length_required: 'Length required',
  too_large: 'Too large',
  content: 'Content refused',
  rate_limited: 'Too many requests',
  overloaded: 'Busy',
  processing: 'Processing failed',
  storage: 'Storage unavailable',
  network: 'Temporarily unavailable',
  internal: 'Internal error',
}

const MAX_INPUT_ERRORS = 20

/** Library errors that are the client's doing, by their code. */
const CLIENT_ERRORS: Record<string, { kind: ErrorKind; code: string; detail: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    kind: 'too_large',
    code: 'body_too_large',
    detail: 'The body of this request is too large.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    kind: 'invalid',
    code: 'invalid_request',
    detail: 'The body must be application/json.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    kind: 'invalid',
    code: 'invalid_request',
    detail: 'The body is empty; JSON is expected.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { kind: 'invalid', code: 'invalid_request', detail: 'The body is not valid JSON.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    kind: 'invalid',
    code: 'invalid_request',
    detail: 'Content-Length does not match the body.',
  },
}

export interface ProblemAnswer {
  status: number
  headers: Record<string, string>
  body: Problem
  /** An unexpected error, to be logged with its stack; nothing of it is answered. */
  defect: boolean
}

type Input = { requestId: string; publicUrl: string }

function describe(input: Input, kind: ErrorKind, code: string, detail: string, status = STATUS_OF_KIND[kind]): Problem {
  return {
    type: `${input.publicUrl}/docs/errors#${code}`,
    title: TITLES[kind],
    status,
    detail,
    code,
    request_id: input.requestId,
  }
}

/** Maps anything thrown to the one form of errors (RFC 9457). */
export function toProblem(error: unknown, input: Input): ProblemAnswer {
  if (error instanceof DomainError) return domainProblem(error, input)
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.slice(0, MAX_INPUT_ERRORS).map(issue => ({
      path: `${error.validationContext ?? 'body'}${issue.instancePath}`,
      message: issue.message ?? 'is invalid',
    }))
    const body = describe(input, 'invalid', 'invalid_request', 'This request has invalid input: see `errors`.')
    return { status: 400, headers: {}, body: { ...body, errors }, defect: false }
  }
  const library = CLIENT_ERRORS[codeOf(error)]
  if (library) {
    const body = describe(input, library.kind, library.code, library.detail)
    return { status: body.status, headers: {}, body, defect: false }
  }
  const status = statusOf(error)
  // Files refuse odd paths with 403; to callers there is simply nothing.
  if (status === 403 || status === 404) return domainProblem(notFound(), input)
  if (status >= 400 && status < 500) {
    return {
      status,
      headers: {},
      body: describe(input, 'invalid', 'invalid_request', 'This request cannot be read.', status),
      defect: false,
    }
  }
  const detail = 'An unexpected error stopped this request. It was logged under this request id.'
  return { status: 500, headers: {}, body: describe(input, 'internal', 'internal', detail), defect: true }
}

function domainProblem(error: DomainError, input: Input): ProblemAnswer {
  const { image_id, retry_after_seconds, ...details } = error.details
  const headers: Record<string, string> = {}
  if (error.kind === 'unauthorized') headers['www-authenticate'] = 'Bearer realm="calotype"'
  const status = STATUS_OF_KIND[error.kind]
  if (status === 503 || status === 429) headers['retry-after'] = String(retry_after_seconds ?? 5)
  const body = describe(input, error.kind, error.code, error.message)
  if (image_id !== undefined) body.image_id = image_id
  if (Object.keys(details).length > 0) body.details = { ...details }
  return { status, headers, body, defect: error.kind === 'internal' }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''

const statusOf = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500

/** Fastify's error handler: answers the problem and notes its code for the request log. */
export function answerProblem(publicUrl: () => string) {
  return (error: FastifyError | DomainError | Error, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = toProblem(error, { requestId: request.id, publicUrl: publicUrl() })
    request.errorCode = problem.body.code
    request.errorDetail = problem.body.detail ?? null
    if (problem.defect) request.log.error({ err: error }, 'unexpected error')
    void reply
      .code(problem.status)
      .headers(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify(problem.body))
  }
}
