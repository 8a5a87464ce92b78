import { DomainError } from '@calotype/core'
import { describe, expect, it, vi } from 'vitest'
import { createBetterAuthAccounts } from './better-auth-accounts.ts'

const ORIGIN = 'https://photos.example'
type Settings = Parameters<typeof createBetterAuthAccounts>[0]

/** Every query fails like that of a database that is away. The library calls nothing but its methods. */
const absentDatabase = (): Settings['kysely'] =>
  new Proxy(
    {},
    {
      get: (_target, name) =>
        // Not a promise, although the library awaits it.
        name === 'then'
          ? undefined
          : () => {
              throw new DomainError('network', 'database_unavailable', 'The database did not answer.')
            },
    },
  ) as Settings['kysely']

async function scene() {
  const lines: unknown[] = []
  const accounts = await createBetterAuthAccounts({
    kysely: absentDatabase(),
    publicUrl: ORIGIN,
    corsOrigins: [],
    secret: 's'.repeat(64),
    rules: {
      beforeSignUp: async () => {},
      afterSignIn: async () => {},
      beforeDelete: async () => {},
      sendReset: async () => {},
      organizationOf: async () => null,
    },
    log: { warn: (facts, message) => void lines.push(facts, message) },
  })
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    accounts.handle(
      new Request(`${ORIGIN}/api/auth${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
        body: JSON.stringify(body),
      }),
    )
  return { accounts, lines, post }
}

const away = { code: 'database_unavailable', kind: 'network' }
const PERSON = { name: 'Ada', email: 'ada@example.org', password: 'a long enough password' }

describe('while the database is away', () => {
  it('every call says so, instead of something about the person', async () => {
    const printed = vi.spyOn(console, 'error')
    const { accounts, lines, post } = await scene()
    for (const path of ['/sign-in/email', '/sign-up/email', '/request-password-reset'])
      await expect(post(path, PERSON), path).rejects.toMatchObject(away)
    await expect(post('/reset-password', { token: 't', newPassword: 'a long enough password' })).rejects.toMatchObject(
      away,
    )
    await expect(accounts.readJwks()).rejects.toMatchObject(away)
    expect(JSON.stringify(lines)).not.toContain('ada@example.org')
    expect(printed).not.toHaveBeenCalled()
    printed.mockRestore()
  })

  it('nobody who shows no cookie of ours is looked up', async () => {
    const { accounts, post } = await scene()
    expect(await accounts.findSession(new Headers())).toBeNull()
    expect(await accounts.findSession(new Headers({ cookie: '__Secure-calotype.session_token=made.up' }))).toBeNull()
    expect((await post('/sign-in/social', {})).status).toBe(404)
    expect((await post('/sign-in/email', PERSON, { origin: 'https://evil.example', cookie: 'a=b' })).status).toBe(403)
  })
})
