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

  it('writes nothing while a key is looked up', async () => {
    const keyHash = await addKey()
    const version = () => opened.test.query('select xmin, last_used_at from api_keys where key_hash = $1', [keyHash])
    const before = await version()
    expect(await opened.database.credentials.findByApiKey(keyHash)).not.toBeNull()
    expect(await version()).toEqual(before)
  })

  it('holds the rights of a service and of a key apart', async () => {
    const keyHash = await addKey()
    await set(`kind = 'service', role = null, scopes = '{image.read}'`, keyHash)
    await expect(set('scopes = null', keyHash)).rejects.toThrow()
    await expect(set(`role = 'owner'`, keyHash)).rejects.toThrow()
    await set(`kind = 'api_key', role = 'owner'`, keyHash)
    await expect(set('role = null', keyHash)).rejects.toThrow()
  })

  it('keeps no secret in clear: what is no hash is refused', async () => {
    const { organizationId } = await seedProject(opened.database)
    const key = { id: newId(), organizationId, name: 'key', role: 'owner' as const, keyHash: 'cal_key_secret' }
    await expect(opened.database.installation.addApiKey(key)).rejects.toThrow()
  })
})
