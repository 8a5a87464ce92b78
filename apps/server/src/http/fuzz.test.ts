import { ERROR_CODES, Problem } from '@calotype/contract'
import { newId } from '@calotype/core'
import fc from 'fast-check'
import type { OpenAPIV3_1 } from 'openapi-types'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
  server = await startTestServer({ env: { LOG_LEVEL: 'warn' } })
  await server.app.listen({ port: 0, host: '127.0.0.1' })
  const address = server.app.server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  client = createSender(address)
})
afterAll(async () => {
  client.close()
  await server.close()
})

/** Ids that the owner has and may lose; never those of the owner's own organisation's key. */
async function sceneIds() {
  const picture = Buffer.from('a picture')
  const images = [await server.ready(picture), await server.ready(Buffer.from('another'))]
  const me = (await server.call({ url: '/api/v1/me' })).json()
  const projectId: string = me.default_project.id
  const organizationId: string = me.organization_id
  const ids = [...images.map(image => image.id), newId()]
  return { ids, projectId, organizationId }
}

const describe = ({ method, path, headers, body }: Sent, answer: Received): string =>
  `${method} ${path}\n${JSON.stringify(headers)}\n${body?.toString().slice(0, 2_000) ?? ''}\n→ ${answer.status} ${answer.type} ${answer.body.slice(0, 500)}`

/** What is wrong with an answer; null when nothing is. */
function faultOf(answer: Received): string | null {
  const { status, type, body } = answer
  if (status >= 500) return 'a failure of ours'
  if (status < 400) return null
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
  const scene = await sceneIds()
  const pool = (name: string) =>
    name === 'project_id' || name === 'project_ids'
      ? [scene.projectId, newId()]
      : name === 'organization_id'
        ? [scene.organizationId]
        : scene.ids
  const seen = new Map<string, number>()
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(requestsOf(document, pool, server.ownerKey), async sent => {
      const answer = await client.send(sent)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      seen.set(sent.method, (seen.get(sent.method) ?? 0) + 1)
      const fault = faultOf(answer)
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
  expect(operationsOf(document).length).toBeGreaterThan(15)
  // Neither all refused at the door nor all taken: the requests reach what they are meant for.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 404]))
  expect((await server.call({ url: '/health' })).statusCode).toBe(200)
  expect((await server.call({ url: '/api/v1/me' })).statusCode).toBe(200)
  await server.ready(Buffer.from(newId()))
})
