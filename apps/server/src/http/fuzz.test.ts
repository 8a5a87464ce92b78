import { ERROR_CODES, Problem } from '@calotype/contract'
import { newId } from '@calotype/core'
import fc from 'fast-check'
import type { OpenAPIV3_1 } from 'openapi-types'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Pool } from '../testing/fuzz/from-schema.ts'
import { operationsOf, requestsOf } from '../testing/fuzz/requests.ts'
import { createSender, type Received, type Sent } from '../testing/fuzz/send.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

/** `FUZZ_SEED` (and `FUZZ_PATH`, both from the message of a failure) play a run again; `FUZZ_RUNS` makes it longer. */
const { FUZZ_RUNS = '5000', FUZZ_SEED, FUZZ_PATH } = process.env
const seed = Number(FUZZ_SEED ?? Date.now() % 2 ** 31)
const LIMIT_MS = 10 * 60_000

let server: TestServer
let client: ReturnType<typeof createSender>
beforeAll(async () => {
  server = await startTestServer({
    env: { LOG_LEVEL: 'warn', TRUST_PROXY: '127.0.0.1', UPLOAD_URLS_PER_MINUTE: '10000' },
  })
  await server.app.listen({ port: 0, host: '127.0.0.1' })
  const address = server.app.server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  client = createSender(address)
})
afterAll(async () => {
  client.close()
  await server.close()
})

/** Ids that are there, for each operation those that it may spoil without shutting out the ones that follow. */
async function findPool(): Promise<Pool> {
  const image = async (bytes: string) => (await server.ready(Buffer.from(bytes))).id
  const [doomed, ...ids] = [await image('a picture'), await image('another'), await image('a third'), newId()]
  const make = async (url: string, payload: object): Promise<string> =>
    (await server.call({ method: 'POST', url: `/api/v1${url}`, payload })).json().id
  const spare = await make('/projects', { name: 'spare' })
  const doomedProject = await make('/projects', { name: 'doomed' })
  const key = await make('/api-keys', { name: 'spare', role: 'viewer' })
  const { organization_id: organization, default_project: project } = (await server.call({ url: '/api/v1/me' })).json()
  return name => {
    if (name.startsWith('project_id')) return [project.id, spare, newId()]
    if (name === 'organization_id') return [organization, newId()]
    if (name === 'image_ids' || name === 'delete /api/v1/images/{id}') return [doomed, newId()]
    if (name === 'delete /api/v1/projects/{id}') return [doomedProject, newId()]
    if (name === 'delete /api/v1/organizations/{id}') return [newId()]
    if (name.includes('/organizations/')) return [organization, newId()]
    if (name.includes('/api-keys/')) return [key, newId()]
    if (name.includes('/projects/{id}/events')) return [project.id, newId()]
    return name.includes('/projects/') ? [spare, newId()] : ids
  }
}

const describe = ({ method, path, headers, body }: Sent, answer: Received): string =>
  `${method} ${path}\n${JSON.stringify(headers)}\n${body?.toString().slice(0, 2_000) ?? ''}\n→ ${answer.status} ${answer.type} ${answer.body.slice(0, 500)}`

/** What is wrong with an answer; null when nothing is. */
function faultOf(sent: Sent, answer: Received): string | null {
  const { status, type, body } = answer
  if (status >= 500) return 'a failure of ours'
  // The account library keeps its own form of errors.
  if (status < 400 || sent.path.startsWith('/api/auth/')) return null
  if (!type.startsWith('application/problem+json')) return 'a refusal that is no problem+json'
  const problem = Problem.strict().safeParse(JSON.parse(body))
  if (!problem.success) return 'a refusal of another form'
  if (problem.data.status !== status) return 'a refusal that says another status'
  return problem.data.code in ERROR_CODES ? null : `the code ${problem.data.code} is documented nowhere`
}

it(`answers ${FUZZ_RUNS} spoiled requests without a failure, each refusal with a documented code`, {
  timeout: LIMIT_MS,
}, async () => {
  const document: OpenAPIV3_1.Document = (await server.app.inject({ url: '/openapi.json' })).json()
  const pool = await findPool()
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(requestsOf(document, pool, server.ownerKey), async sent => {
      const answer = await client.send(sent)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      const fault = faultOf(sent, answer)
      if (fault) throw new Error(`${fault}:\n${describe(sent, answer)}`)
    }),
    {
      numRuns: Number(FUZZ_RUNS),
      seed,
      ...(FUZZ_PATH ? { path: FUZZ_PATH } : {}),
      interruptAfterTimeLimit: LIMIT_MS - 10_000,
      markInterruptAsFailure: true,
    },
  )
  expect(operationsOf(document).length).toBeGreaterThan(40)
  // Neither all refused at the door nor all taken: the requests reach what they are meant for.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 404]))
  expect((await server.call({ url: '/health' })).statusCode).toBe(200)
  expect((await server.call({ url: '/api/v1/me' })).statusCode).toBe(200)
  await server.ready(Buffer.from(newId()))
})
