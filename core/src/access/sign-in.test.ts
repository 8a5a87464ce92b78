import { describe, expect, it } from 'vitest'
import { createMemoryDatabase, createTestClock, seedProject } from '../testing/index.ts'
import { hashSecret, newSecret } from './secrets.ts'
import {
  authenticate,
  createSignInLink,
  MAX_CREDENTIAL_LENGTH,
  redeemSignInLink,
  SESSION_SECONDS,
  SIGN_IN_LINK_SECONDS,
  signOut,
} from './sign-in.ts'

async function scene() {
  const clock = createTestClock()
  const database = createMemoryDatabase(clock)
  const { organizationId } = await seedProject(database)
  const deps = { credentials: database.credentials, clock }
  const link = () => createSignInLink(deps, { organizationId })
  const bySession = (session: string | null) => authenticate(deps, { session })
  return { clock, database, organizationId, deps, link, bySession }
}

const refused = { code: 'unauthorized', kind: 'unauthorized' }

describe('a sign-in link', () => {
  it('is good for one session, which is good until it ends', async () => {
    const { clock, deps, link, bySession, organizationId } = await scene()
    const token = await link()
    const { session, expiresAt } = await redeemSignInLink(deps, { token })
    expect(expiresAt).toEqual(new Date(clock.now().getTime() + SESSION_SECONDS * 1000))
    const actor = await bySession(session)
    expect(actor).toMatchObject({ kind: 'user', organizationId, role: 'owner' })
    await expect(redeemSignInLink(deps, { token })).rejects.toMatchObject(refused)
    clock.advance(SESSION_SECONDS * 1000 - 1)
    expect(await bySession(session)).toEqual(actor)
    clock.advance(1)
    await expect(bySession(session)).rejects.toMatchObject(refused)
  })

  it('is spent by one of many who come at the same moment', async () => {
    const { deps, link } = await scene()
    const token = await link()
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => redeemSignInLink(deps, { token })))
    expect(tries.filter(each => each.status === 'fulfilled')).toHaveLength(1)
  })

  it('expires', async () => {
    const { clock, deps, link } = await scene()
    const [early, late] = [await link(), await link()]
    clock.advance(SIGN_IN_LINK_SECONDS * 1000 - 1)
    await redeemSignInLink(deps, { token: early })
    clock.advance(1)
    await expect(redeemSignInLink(deps, { token: late })).rejects.toMatchObject(refused)
    for (const token of ['', 'x', newSecret('link')])
      await expect(redeemSignInLink(deps, { token })).rejects.toMatchObject(refused)
  })

  it('leaves no secret in the database', async () => {
    const { database, deps, link } = await scene()
    const token = await link()
    const { session } = await redeemSignInLink(deps, { token })
    const { signInLinks, sessions } = database.inspect()
    const stored = JSON.stringify([[...signInLinks], [...sessions]])
    for (const secret of [token, session]) {
      expect(stored).not.toContain(secret)
      expect(stored).toContain(hashSecret(secret))
    }
  })
})

describe('a credential', () => {
  it('that is missing, unknown, too long, or of another kind is refused', async () => {
    const { link, bySession } = await scene()
    const token = await link()
    for (const each of [null, '', token, newSecret('session'), 'x'.repeat(MAX_CREDENTIAL_LENGTH + 1)])
      await expect(bySession(each)).rejects.toMatchObject(refused)
  })

  it('ends with its session, and ending it again is no error', async () => {
    const { deps, link, bySession } = await scene()
    const { session } = await redeemSignInLink(deps, { token: await link() })
    const other = await redeemSignInLink(deps, { token: await link() })
    await signOut(deps, { session })
    await signOut(deps, { session })
    await expect(bySession(session)).rejects.toMatchObject(refused)
    expect(await bySession(other.session)).toMatchObject({ kind: 'user' })
  })
})
