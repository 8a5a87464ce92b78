import { expect, it } from 'vitest'
import type { NewApiKey } from '../../access/index.ts'
import type { Database } from '../../database.ts'
import { newId } from '../../ids.ts'
import { randomSha256 } from '../builders.ts'
import { seedProject } from '../seed.ts'

const NEVER = { revokedAt: null, lastUsedAt: null }

const testKey = (organizationId: string, overrides: Partial<NewApiKey> = {}): NewApiKey => ({
  id: newId(),
  organizationId,
  name: 'key',
  kind: 'api_key',
  role: 'member',
  scopes: null,
  projectIds: null,
  createdAt: new Date('2026-02-01T00:00:00.000Z'),
  expiresAt: null,
  keyHash: randomSha256(),
  ...overrides,
})

/** Ids with a known order. */
const sortedIds = (count: number): string[] => Array.from({ length: count }, newId).sort()

/** Expiry is judged by the store's own time, so these lie around the present. */
const fromNow = (ms: number) => new Date(Date.now() + ms)

/** What every store of API keys does. The database's clock has to be near the present. */
export function apiKeyCases(database: () => Database): void {
  const credentials = () => database().credentials
  const organization = async () => (await seedProject(database())).organizationId
  const add = async (organizationId: string, overrides: Partial<NewApiKey> = {}) => {
    const key = testKey(organizationId, overrides)
    await credentials().addApiKey(key)
    return key
  }

  it('keeps a key as it was given, and finds what it may do', async () => {
    const organizationId = await organization()
    const [p1, p2] = [newId(), newId()]
    const rights = { role: 'admin' as const, scopes: ['image.read' as const], projectIds: [p1, p2] }
    const { keyHash, ...key } = await add(organizationId, { ...rights, expiresAt: fromNow(3_600_000) })
    expect(await credentials().findApiKey(organizationId, key.id)).toEqual({ ...key, ...NEVER })
    const actor = { kind: 'api_key', id: key.id, organizationId, ...rights }
    expect(await credentials().findByApiKey(keyHash)).toEqual({ actor, expiresAt: key.expiresAt })
    expect(await credentials().findApiKey(await organization(), key.id)).toBeNull()
    expect(await credentials().findApiKey(organizationId, newId())).toBeNull()
  })

  it('gives a service its scopes, and the least role', async () => {
    const service = { kind: 'service' as const, role: null, scopes: ['analysis.write' as const] }
    const { keyHash } = await add(await organization(), service)
    const found = await credentials().findByApiKey(keyHash)
    expect(found?.actor).toMatchObject({ kind: 'service', role: 'viewer', scopes: ['analysis.write'] })
  })

  it('finds no key that is revoked or expired', async () => {
    const organizationId = await organization()
    const expired = await add(organizationId, { expiresAt: fromNow(-60_000) })
    const revoked = await add(organizationId)
    expect(await credentials().findByApiKey(expired.keyHash)).toBeNull()
    expect(await credentials().findByApiKey(revoked.keyHash)).not.toBeNull()
    const at = fromNow(0)
    expect(await credentials().revokeApiKey(await organization(), revoked.id, at)).toBe(false)
    expect(await credentials().findByApiKey(revoked.keyHash)).not.toBeNull()
    expect(await credentials().revokeApiKey(organizationId, revoked.id, at)).toBe(true)
    expect(await credentials().revokeApiKey(organizationId, revoked.id, fromNow(5_000))).toBe(false)
    expect(await credentials().findByApiKey(revoked.keyHash)).toBeNull()
    expect((await credentials().findApiKey(organizationId, revoked.id))?.revokedAt).toEqual(at)
  })

  it('finds no key of an organisation that is deleted', async () => {
    const organizationId = await organization()
    const { keyHash } = await add(organizationId)
    await database().organizations.markDeleted(organizationId, fromNow(0))
    expect(await credentials().findByApiKey(keyHash)).toBeNull()
  })

  it('lists the keys of an organisation, newest first, page by page', async () => {
    const organizationId = await organization()
    const ids = sortedIds(3)
    for (const id of ids) await add(organizationId, { id })
    await credentials().revokeApiKey(organizationId, ids[0] ?? '', fromNow(0))
    await add(await organization())
    const list = async (before: string | null, limit: number) =>
      (await credentials().listApiKeys({ organizationId, projectIds: null, before, limit })).map(({ id }) => id)
    expect(await list(null, 10)).toEqual(ids.toReversed())
    expect(await list(null, 2)).toEqual([ids[2], ids[1]])
    expect(await list(ids[1] ?? '', 2)).toEqual([ids[0]])
  })

  it('lists only keys within projects, where it is asked for these', async () => {
    const organizationId = await organization()
    const [p1, p2, p3] = sortedIds(3)
    const within = await add(organizationId, { projectIds: [p1 ?? ''] })
    await add(organizationId, { projectIds: [p1 ?? '', p3 ?? ''] })
    await add(organizationId)
    const query = { organizationId, projectIds: [p1 ?? '', p2 ?? ''], before: null, limit: 10 }
    expect((await credentials().listApiKeys(query)).map(({ id }) => id)).toEqual([within.id])
  })

  it('counts the live keys of an organisation, one transaction after the other', async () => {
    const organizationId = await organization()
    await add(organizationId, { expiresAt: fromNow(-60_000) })
    const revoked = await add(organizationId)
    await credentials().revokeApiKey(organizationId, revoked.id, fromNow(0))
    const addUpTo = (limit: number) =>
      database().transaction(async tx => {
        if ((await tx.credentials.countApiKeysLocked(organizationId, fromNow(0))) >= limit) return false
        await tx.credentials.addApiKey(testKey(organizationId))
        return true
      })
    const answers = await Promise.all(Array.from({ length: 6 }, () => addUpTo(3)))
    expect(answers.filter(Boolean)).toHaveLength(3)
  })

  it('notes the last use to the minute, of many keys at once, and leaves out those that are gone', async () => {
    const [organizationId, other] = [await organization(), await organization()]
    const [first, second] = [await add(organizationId), await add(other)]
    const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, seconds))
    const note = (seconds: number) =>
      credentials().noteApiKeyUses([
        { organizationId, id: first.id, at: at(seconds) },
        { organizationId: other, id: second.id, at: at(seconds) },
        { organizationId, id: newId(), at: at(seconds) },
      ])
    const lastUse = async () => (await credentials().findApiKey(organizationId, first.id))?.lastUsedAt
    await credentials().noteApiKeyUses([])
    expect(await lastUse()).toBeNull()
    await note(0)
    expect(await lastUse()).toEqual(at(0))
    await note(59)
    expect(await lastUse()).toEqual(at(0))
    await note(61)
    expect(await lastUse()).toEqual(at(61))
    expect((await credentials().findApiKey(other, second.id))?.lastUsedAt).toEqual(at(61))
  })
}
