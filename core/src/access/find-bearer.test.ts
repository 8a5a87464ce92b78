import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { createMemoryDatabase, createTestClock, randomSha256, seedProject } from '../testing/index.ts'
import { issuerUnavailable } from './errors.ts'
import { EXTERNAL_SUBJECT, findBearer } from './find-bearer.ts'
import type { Role } from './permissions.ts'
import { hashSecret, newSecret } from './secrets.ts'
import { MAX_CREDENTIAL_LENGTH } from './sign-in.ts'
import { anyTokenVerifier, type TokenVerifier, type VerifiedToken } from './token-verifier.ts'

const JWT = 'header.claims.signature'

async function scene() {
  const database = createMemoryDatabase(createTestClock())
  const { organizationId } = await seedProject(database)
  const userId = newId()
  const members = new Map<string, Role>([[`${userId} ${organizationId}`, 'member']])
  const seen: string[] = []
  const find = (bearer: string, answer: Partial<VerifiedToken> | null = null) => {
    const expiresAt = new Date('2026-03-01T13:00:00.000Z')
    const token = { subject: userId, organizationId, role: null, projectIds: null, expiresAt }
    const tokens: TokenVerifier = {
      verify: async text => {
        seen.push(text)
        return answer && { ...token, ...answer }
      },
    }
    const memberships = {
      find: async (user: string, organization: string) => {
        const role = members.get(`${user} ${organization}`)
        return role ? { role } : null
      },
    }
    const { credentials, organizations } = database
    return findBearer({ credentials, organizations, memberships, tokens }, bearer)
  }
  return { database, organizationId, userId, members, find, seen }
}

describe('a bearer', () => {
  it('is a key, found by its hash and never shown to a token’s verifier', async () => {
    const { database, organizationId, find, seen } = await scene()
    const [secret, id] = [newSecret('key'), newId()]
    const row = { id, organizationId, name: 'key', role: 'owner' as const, keyHash: hashSecret(secret) }
    await database.installation.addApiKey(row)
    expect(await find(secret, {})).toMatchObject({ actor: { id, kind: 'api_key' }, expiresAt: null })
    for (const bad of ['', 'x', randomSha256(), newSecret('key')]) expect(await find(bad, {})).toBeNull()
    expect(seen).toEqual([])
  })

  it('of our own is what its membership says now', async () => {
    const { find, members, userId, organizationId } = await scene()
    const expiresAt = new Date('2026-03-01T13:00:00.000Z')
    const actor = { kind: 'user', id: userId, organizationId, role: 'member', projectIds: null, scopes: null }
    expect(await find(JWT, {})).toEqual({ actor, expiresAt })
    members.set(`${userId} ${organizationId}`, 'viewer')
    expect((await find(JWT, {}))?.actor.role).toBe('viewer')
    members.clear()
    expect(await find(JWT, {})).toBeNull()
    expect(await find(JWT, { organizationId: newId() })).toBeNull()
  })

  it('of another issuer is what the token says, in an organisation that is here, and nobody of ours', async () => {
    const { find, userId, organizationId } = await scene()
    const projectIds = [newId()]
    const found = await find(JWT, { role: 'admin', projectIds })
    const id = `${EXTERNAL_SUBJECT}${userId}`
    expect(found?.actor).toEqual({ kind: 'user', id, organizationId, role: 'admin', projectIds, scopes: null })
    expect(await find(JWT, { role: 'owner', organizationId: newId() })).toBeNull()
  })

  it('that is bad or too long is nobody', async () => {
    const { find, seen } = await scene()
    expect(await find(JWT)).toBeNull()
    expect(seen).toHaveLength(1)
    expect(await find(`${'x'.repeat(MAX_CREDENTIAL_LENGTH)}.`, {})).toBeNull()
    expect(seen).toHaveLength(1)
  })
})

describe('several issuers', () => {
  const answering = (subject: string | null): TokenVerifier => ({
    verify: async () =>
      subject === null
        ? null
        : { subject, organizationId: newId(), role: null, projectIds: null, expiresAt: new Date() },
  })

  it('are asked in order until one takes the token', async () => {
    expect(await anyTokenVerifier([]).verify(JWT)).toBeNull()
    expect(await anyTokenVerifier([answering(null), answering(null)]).verify(JWT)).toBeNull()
    const first = await anyTokenVerifier([answering(null), answering('a'), answering('b')]).verify(JWT)
    expect(first?.subject).toBe('a')
  })

  it('are not passed over when one cannot tell', async () => {
    const away: TokenVerifier = { verify: () => Promise.reject(issuerUnavailable()) }
    await expect(anyTokenVerifier([away, answering('b')]).verify(JWT)).rejects.toMatchObject({ kind: 'network' })
  })
})
