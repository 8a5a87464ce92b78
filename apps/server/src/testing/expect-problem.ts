import { Problem } from '@calotype/contract'
import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import { PUBLIC_URL } from './test-server.ts'

/** The one form of errors, with this status and code, and nothing in it that the contract does not know. */
export async function expectProblem(
  answer: LightMyRequestResponse | Promise<LightMyRequestResponse>,
  status: number,
  code: string,
): Promise<Problem> {
  const { statusCode, headers, body } = await answer
  expect([statusCode, body]).toEqual([status, expect.stringContaining(`"code":"${code}"`)])
  expect(headers['content-type']).toMatch(/^application\/problem\+json/)
  const problem = Problem.strict().parse(JSON.parse(body))
  const type = `${PUBLIC_URL}/docs/errors#${code}`
  expect(problem).toMatchObject({ status, code, type, request_id: headers['x-request-id'] })
  return problem
}
