import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { createMemoryDatabase, createTestClock, seedProject, testContext } from '../testing/index.ts'
import type { Actor } from './actor.ts'
import { type ApiKeyInput, createApiKey, MAX_API_KEYS } from './create-api-key.ts'
import { listApiKeys } from './list-api-keys.ts'
import { ROLES, SCOPES } from './permissions.ts'
import { revokeApiKey } from './revoke-api-key.ts'
import { hashSecret } from './secrets.ts'

const INPUT: ApiKeyInput = {
  name: 'Website',
  kind: 'api_key',
  role: 'member',
  scopes: null,
  projectIds: null,
  expiresAt: null,
}

async function scene(overrides: Partial<Actor> = {}) {
  const clock = createTestClock()
  const database = createMemoryDatabase(clock)
  const project = await seedProject(database)
  const second = await seedProject(database, { organizationId: project.organizationId, name: 'second' })
  const { organizationId } = project
  const ctx = testContext({ organizationId, ...overrides })
  const deps = { database, clock }
  const context = (actor: Partial<Actor>) => testContext({ organizationId, ...actor })
  const make = (input: Partial<ApiKeyInput> = {}, by = ctx) => createApiKey(deps, by, { ...INPUT, ...input })
  const find = (secret: string) => database.credentials.findByApiKey(hashSecret(secret))
  const list = (by = ctx, cursor: string | null = null, limit = 50) =>
    listApiKeys({ credentials: database.credentials }, by, { cursor, limit })
  const revoke = (keyId: string, by = ctx) => revokeApiKey(deps, by, { keyId })
  const log = () => [...database.inspect().securityLog.values()]
  return { clock, database, project, second, organizationId, ctx, context, make, find, list, revoke, log }
}

const code = (name: string) => expect.objectContaining({ code: name })

describe('a new key', () => {
  it('acts with its role, its projects and its end, and its secret is only here', async () => {
    const { clock, database, project, organizationId, make, find, log } = await scene()
    const expiresAt = new Date(clock.now().getTime() + 1)
    const { key, secret } = await make({ projectIds: [project.id, project.id], expiresAt })
    expect(secret).toMatch(/^cal_key_[\w-]{43}$/)
    expect(key).toMatchObject({ name: 'Website', role: 'member', scopes: null, projectIds: [project.id], expiresAt })
    const actor = { kind: 'api_key', id: key.id, organizationId, role: 'member', scopes: null }
    expect(await find(secret)).toEqual({ actor: { ...actor, projectIds: [project.id] }, expiresAt })
    const state = database.inspect()
    expect([...state.apiKeys.keys()]).toEqual([hashSecret(secret)])
    expect(JSON.stringify([[...state.apiKeys], log()])).not.toContain(secret)
    expect(log()).toMatchObject([{ event: 'key.created', organizationId, detail: expect.stringContaining(key.id) }])
    clock.advance(1)
    expect(await find(secret)).toBeNull()
  })

  it('of a service acts with its scopes', async () => {
    const { make, find } = await scene({ role: 'admin' })
    const { key, secret } = await make({ kind: 'service', role: null, scopes: ['analysis.write', 'analysis.write'] })
    expect(key).toMatchObject({ kind: 'service', role: null, scopes: ['analysis.write'] })
    expect((await find(secret))?.actor).toMatchObject({ kind: 'service', scopes: ['analysis.write'] })
    await make({ kind: 'service', role: null, scopes: SCOPES })
  })

  it('is refused in the wrong shape', async () => {
    const { clock, make, database } = await scene()
    const wrong: Partial<ApiKeyInput>[] = [
      { role: null },
      { kind: 'service', role: 'viewer', scopes: ['image.read'] },
      { kind: 'service', role: null },
      { kind: 'service', role: null, scopes: [] },
      { role: 'viewer', scopes: ['image.read', 'image.write'] },
      { role: 'owner', scopes: ['analysis.write'] },
      { expiresAt: clock.now() },
    ]
    for (const each of wrong) await expect(make(each)).rejects.toEqual(code('invalid_request'))
    expect(database.inspect().apiKeys.size).toBe(0)
  })

  it('gives no more than its maker has', async () => {
    const { make, context, project, second, find } = await scene()
    const foreign = await seedProject((await scene()).database)
    await expect(make({ role: 'owner' }, context({ role: 'admin' }))).rejects.toEqual(code('forbidden'))
    for (const id of [foreign.id, newId()])
      await expect(make({ projectIds: [project.id, id] })).rejects.toEqual(code('not_found'))
    const bound = context({ role: 'admin', projectIds: [project.id] })
    await expect(make({ projectIds: [second.id] }, bound)).rejects.toEqual(code('not_found'))
    const { secret } = await make({}, bound)
    expect((await find(secret))?.actor.projectIds).toEqual([project.id])
    for (const role of ROLES) await make({ role })
  })

  it('is made only by who manages access', async () => {
    const { make, list, revoke, context } = await scene()
    const { key } = await make()
    const others = [
      context({ role: 'member' }),
      context({ role: 'viewer' }),
      context({ kind: 'service', scopes: [...SCOPES] }),
      context({ role: 'owner', scopes: ['image.read'] }),
    ]
    for (const other of others) {
      await expect(make({ role: 'viewer' }, other)).rejects.toEqual(code('forbidden'))
      await expect(list(other)).rejects.toEqual(code('forbidden'))
      await expect(revoke(key.id, other)).rejects.toEqual(code('forbidden'))
    }
  })

  it('is refused past the limit, until one is revoked or ends; many at once cannot overdraw it', async () => {
    const { clock, make, revoke, database } = await scene()
    const expiresAt = new Date(clock.now().getTime() + 1_000)
    const first = await make({ expiresAt })
    const tries = await Promise.allSettled(Array.from({ length: MAX_API_KEYS + 5 }, () => make()))
    expect(tries.filter(each => each.status === 'fulfilled')).toHaveLength(MAX_API_KEYS - 1)
    const details = { limit: MAX_API_KEYS, actual: MAX_API_KEYS }
    await expect(make()).rejects.toMatchObject({ kind: 'conflict', code: 'api_key_limit', details })
    clock.advance(1_000)
    const { key } = await make()
    await expect(make()).rejects.toEqual(code('api_key_limit'))
    await revoke(key.id)
    await make()
    expect(database.inspect().apiKeys.get(hashSecret(first.secret))?.revokedAt).toBeNull()
  })
})

describe('keys of an organisation', () => {
  it('are listed page by page, newest first', async () => {
    const { make, list, ctx } = await scene()
    const made: string[] = []
    for (let index = 0; index < 3; index++) made.push((await make()).key.id)
    const ids = made.toSorted().toReversed()
    const first = await list(ctx, null, 2)
    expect([first.items.map(({ id }) => id), first.nextCursor]).toEqual([ids.slice(0, 2), ids[1]])
    const second = await list(ctx, first.nextCursor, 2)
    expect([second.items.map(({ id }) => id), second.nextCursor]).toEqual([ids.slice(2), null])
    await expect(list(ctx, `${ids[0]}'`)).rejects.toEqual(code('invalid_cursor'))
  })

  it('are revoked once, and doing it again is no error', async () => {
    const { make, revoke, find, list, log, clock } = await scene()
    const { key, secret } = await make()
    const at = clock.now()
    await revoke(key.id)
    clock.advance(1_000)
    await revoke(key.id)
    expect(await find(secret)).toBeNull()
    expect((await list()).items).toMatchObject([{ id: key.id, revokedAt: at }])
    expect(log().filter(entry => entry.event === 'key.revoked')).toHaveLength(1)
  })

  it('are not there for others', async () => {
    const { make, revoke, find, list } = await scene()
    const { key, secret } = await make()
    const stranger = testContext()
    for (const id of [key.id, newId()]) await expect(revoke(id, stranger)).rejects.toEqual(code('not_found'))
    expect((await list(stranger)).items).toEqual([])
    expect(await find(secret)).not.toBeNull()
  })

  it('that reach further than who looks at them are not there either', async () => {
    const { make, revoke, list, context, project, second } = await scene()
    const bound = context({ projectIds: [project.id] })
    const wide = await make()
    const both = await make({ projectIds: [project.id, second.id] })
    const within = await make({ projectIds: [project.id] })
    expect((await list(bound)).items.map(({ id }) => id)).toEqual([within.key.id])
    for (const { key } of [wide, both]) await expect(revoke(key.id, bound)).rejects.toEqual(code('not_found'))
    await revoke(within.key.id, bound)
  })
})
