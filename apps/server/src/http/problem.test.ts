import { ERROR_CODES, Problem } from '@calotype/contract'
import { DomainError, type ErrorKind } from '@calotype/core'
import { describe, expect, it } from 'vitest'
import { STATUS_OF_KIND, toProblem } from './problem.ts'

const input = { requestId: 'r1', publicUrl: 'https://img.example' }
const STATUSES: Record<ErrorKind, number> = {
  ...{ unauthorized: 401, forbidden: 403, not_found: 404, invalid: 400, unsupported: 415, conflict: 409, gone: 410 },
  ...{ precondition: 412, range: 416, length_required: 411, too_large: 413, content: 422, processing: 422 },
  ...{ rate_limited: 429, overloaded: 503, storage: 503, network: 503, internal: 500 },
}
const kinds = Object.keys(STATUSES).filter((name): name is ErrorKind => name in STATUS_OF_KIND)

describe('a problem', () => {
  it('knows every kind of error', () => {
    expect(STATUS_OF_KIND).toEqual(STATUSES)
  })

  it.each(kinds)('of kind %s has its status, form, code and request id', kind => {
    const { status, body, headers } = toProblem(new DomainError(kind, 'some_code', 'What to do.'), input)
    expect(status).toBe(STATUSES[kind])
    expect(Problem.strict().parse(body)).toEqual(body)
    const facts = { status, code: 'some_code', detail: 'What to do.', request_id: 'r1' }
    expect(body).toMatchObject({ ...facts, type: 'https://img.example/docs/errors#some_code' })
    expect(body.title).not.toBe('')
    expect('retry-after' in headers).toBe(status === 429 || status === 503)
    expect('www-authenticate' in headers).toBe(status === 401)
  })

  it('carries the facts that a caller can act on', () => {
    const details = {
      limit: 5,
      actual: 6,
      allowed: ['image/png'],
      reason: 'why',
      image_id: 'i1',
      retry_after_seconds: 7,
    }
    const { body, headers } = toProblem(new DomainError('overloaded', 'overloaded', 'Busy.', details), input)
    expect(body).toMatchObject({
      image_id: 'i1',
      details: { limit: 5, actual: 6, allowed: ['image/png'], reason: 'why' },
    })
    expect(Object.keys(body.details ?? {})).toHaveLength(4)
    expect(headers).toEqual({ 'retry-after': '7' })
  })

  it('says nothing of an unexpected error', () => {
    const secret = 'password=hunter2 at /srv/app/secret.ts'
    const causes = [new Error(secret), new TypeError(secret), secret, null, undefined, { message: secret }, 42]
    const coded = Object.assign(new Error(secret), { code: '23505', detail: secret, statusCode: 500 })
    for (const error of [...causes, coded, Object.assign(new Error(secret), { statusCode: 302 })]) {
      const problem = toProblem(error, input)
      expect(problem).toMatchObject({ status: 500, defect: true, body: { code: 'internal' } })
      expect(JSON.stringify(problem)).not.toContain('hunter2')
    }
    const internal = toProblem(new DomainError('storage', 'storage_unavailable', 'Away.', {}, new Error(secret)), input)
    expect(JSON.stringify(internal)).not.toContain('hunter2')
  })

  it('translates what the library refuses', () => {
    const library = (code: string, statusCode: number) =>
      toProblem(Object.assign(new Error('inner words'), { code, statusCode }), input)
    expect(library('FST_ERR_CTP_BODY_TOO_LARGE', 413)).toMatchObject({ status: 413, body: { code: 'body_too_large' } })
    for (const code of [
      'FST_ERR_CTP_INVALID_MEDIA_TYPE',
      'FST_ERR_CTP_EMPTY_JSON_BODY',
      'FST_ERR_CTP_INVALID_JSON_BODY',
      'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
    ])
      expect(library(code, 415)).toMatchObject({ status: 400, defect: false, body: { code: 'invalid_request' } })
    const unknown = library('FST_ERR_NEW', 418)
    expect(unknown).toMatchObject({ status: 418, defect: false, body: { code: 'invalid_request' } })
    expect(JSON.stringify(unknown)).not.toContain('inner words')
  })

  it('has a documented code for everything it makes up itself', () => {
    for (const code of ['invalid_request', 'body_too_large', 'internal']) expect(ERROR_CODES).toHaveProperty(code)
  })
})
