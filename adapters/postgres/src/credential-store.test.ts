import { newId } from '@calotype/core'
import { randomSha256, seedProject } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase } from './testing/test-database.ts'

describe('API keys in PostgreSQL', () => {
  let opened: Awaited<ReturnType<typeof openTestDatabase>>
  beforeAll(async () => {
    opened = await openTestDatabase()
  })
  afterAll(() => opened.close())

  async function addKey(): Promise<string> {
    const { organizationId } = await seedProject(opened.database)
    const keyHash = randomSha256()
    const key = { id: newId(), organizationId, name: 'key', role: 'owner' as const, keyHash }
    await opened.database.installation.addApiKey(key)
    return keyHash
  }
  const set = (assignment: string, keyHash: string) =>
    opened.test.query(`update api_keys set ${assignment} where key_hash = $1`, [keyHash])
  const lastUse = async (keyHash: string) =>
    (
      await opened.test.query<{ at: Date | null }>('select last_used_at as at from api_keys where key_hash = $1', [
        keyHash,
      ])
    )[0]?.at
  const find = (keyHash: string) => opened.database.credentials.findByApiKey(keyHash)

  it('notes the use of a key, but not more than once a minute', async () => {
    const keyHash = await addKey()
    expect(await lastUse(keyHash)).toBeNull()
    await find(keyHash)
    const first = await lastUse(keyHash)
    expect(first).toBeInstanceOf(Date)
    await find(keyHash)
    expect(await lastUse(keyHash)).toEqual(first)
    await set(`last_used_at = now() - interval '61 seconds'`, keyHash)
    await find(keyHash)
    expect(Date.now() - Number(await lastUse(keyHash))).toBeLessThan(10_000)
  })

  it('refuses keys that are revoked or expired', async () => {
    const [revoked, expired, lasting] = [await addKey(), await addKey(), await addKey()]
    await set('revoked_at = now()', revoked)
    await set(`expires_at = now() - interval '1 second'`, expired)
    await set(`expires_at = now() + interval '1 hour'`, lasting)
    expect(await find(revoked)).toBeNull()
    expect(await find(expired)).toBeNull()
    expect(await find(lasting)).not.toBeNull()
  })

  it('tells what a service may do and where', async () => {
    const keyHash = await addKey()
    await set(`kind = 'service', role = 'viewer', scopes = '{image.read}', project_ids = '{P1}'`, keyHash)
    expect(await find(keyHash)).toMatchObject({
      kind: 'service',
      role: 'viewer',
      scopes: ['image.read'],
      projectIds: ['P1'],
    })
  })

  it('keeps no secret in clear: what is no hash is refused', async () => {
    const { organizationId } = await seedProject(opened.database)
    const key = { id: newId(), organizationId, name: 'key', role: 'owner' as const, keyHash: 'cal_key_secret' }
    await expect(opened.database.installation.addApiKey(key)).rejects.toThrow()
  })
})
