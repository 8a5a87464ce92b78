import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import type { OpenAPIV3_1 } from 'openapi-types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type AccessScene, startAccessScene } from '../testing/access-scene.ts'
import { operationsOf } from '../testing/fuzz/requests.ts'
import { ACCESS_MATRIX, OPEN_OPERATIONS, type Refusal } from './access-matrix.ts'

let scene: AccessScene
beforeAll(async () => {
  scene = await startAccessScene()
})
afterAll(() => scene.close())

type Credential = keyof AccessScene['credentials']
const rows = Object.entries(ACCESS_MATRIX)

function send(operation: string, authorization: string | undefined, change: Partial<InjectOptions> = {}) {
  const entry = ACCESS_MATRIX[operation]
  if (!entry) throw new Error(operation)
  const { url, payload, headers } = entry.send(scene.ids)
  const method = operation.split(' ')[0]?.toUpperCase() as 'GET'
  return scene.server.app.inject({
    ...{ method, url: `/api/v1${url}`, remoteAddress: '127.0.0.1', ...(payload === undefined ? {} : { payload }) },
    ...change,
    headers: { ...headers, ...change.headers, ...(authorization === undefined ? {} : { authorization }) },
  })
}

const bearer = (credential: Credential): string => `Bearer ${scene.credentials[credential]}`

const Batch = z.object({ items: z.array(z.object({ ok: z.boolean(), code: z.string().optional() })) })

/** What the answer comes to, in the words of the table. */
function judge(answer: LightMyRequestResponse, expected: Refusal): number | string {
  const { statusCode, body } = answer
  if (typeof expected === 'number') return statusCode
  if (statusCode >= 300) return `${statusCode} ${body}`
  if (expected === 'items') {
    const { items } = Batch.parse(answer.json())
    return items.every(({ ok, code }) => !ok && ['not_found', 'forbidden'].includes(code ?? '')) ? 'items' : body
  }
  const { not_found: _, ...told } = answer.json()
  const text = JSON.stringify(told)
  const leaked = Object.entries(scene.ids).filter(([name, id]) => !MEANT.includes(name) && text.includes(id))
  return leaked.length === 0 ? 'nothing' : `names ${leaked.map(([name]) => name).join(', ')}`
}

/** A key of the organisation that is bound to the second project may see these. */
const MEANT = ['organization', 'second']

describe('the access matrix', () => {
  it('has an entry for every operation of the OpenAPI document, and none for another', async () => {
    const document: OpenAPIV3_1.Document = (await scene.server.app.inject({ url: '/openapi.json' })).json()
    const operations = operationsOf(document).map(({ method, path }) => `${method} ${path}`)
    const listed = [...OPEN_OPERATIONS, ...rows.map(([operation]) => operation)]
    expect({
      withoutEntry: operations.filter(operation => !listed.includes(operation)),
      withoutOperation: listed.filter(operation => !operations.includes(operation)),
    }).toEqual({ withoutEntry: [], withoutOperation: [] })
    const open = operationsOf(document).filter(({ operation }) => operation.security?.length === 0)
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...OPEN_OPERATIONS].sort())
  })

  it.each(rows)('%s refuses every wrong credential and changes nothing', async (operation, entry) => {
    const before = await scene.digest()
    const bad = {
      none: undefined,
      malformed: 'Bearer cal_key_x',
      expired: bearer('expired'),
      revoked: bearer('revoked'),
    }
    for (const [name, authorization] of Object.entries(bad)) {
      const answer = await send(operation, authorization)
      expect([name, answer.statusCode, answer.json().code]).toEqual([name, 401, 'unauthorized'])
    }
    // Before anything of the request is looked at.
    const broken = operation.startsWith('get ')
      ? {}
      : { payload: '{broken', headers: { 'content-type': 'application/json' } }
    expect((await send(operation, undefined, broken)).statusCode).toBe(401)

    const wrong: [Credential, Refusal][] = [
      ['foreign', entry.foreign],
      ['otherProject', entry.otherProject],
      ['unscoped', entry.unscoped],
      ...(entry.lowerRole ? [[...entry.lowerRole] as [Credential, Refusal]] : []),
    ]
    for (const [credential, refusal] of wrong) {
      if (refusal === 'own') continue
      expect([credential, judge(await send(operation, bearer(credential)), refusal)]).toEqual([credential, refusal])
    }
    expect(await scene.digest()).toEqual(before)
  })

  it('is about requests that the owner succeeds with, so that no refusal has another cause', async () => {
    for (const [operation, entry] of rows) {
      if (operation.endsWith('/events')) continue
      const { statusCode, body } = await send(operation, bearer('owner'))
      const refused = [401, 403, 404].includes(statusCode)
      expect([operation, refused, statusCode < 500], body).toEqual([operation, entry.peopleOnly === true, true])
    }
  })
})
