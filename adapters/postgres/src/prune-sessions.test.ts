import { newId } from '@calotype/core'
import { expect, it } from 'vitest'
import { pruneSessions } from './prune-sessions.ts'
import { openTestDatabase } from './testing/test-database.ts'

it('removes what is over, and nothing that still opens something', async () => {
  const { handle, test, close } = await openTestDatabase()
  const now = new Date()
  const organizationId = newId()
  const userId = newId()
  await test.query('insert into organizations (id, name) values ($1, $2)', [organizationId, 'A'])
  await test.query('insert into users (id, name, email) values ($1, $2, $3)', [userId, 'Ada', 'ada@example.org'])
  for (const [digit, seconds] of [
    ['a', -1],
    ['b', 60],
  ] as const) {
    const expires = new Date(now.getTime() + seconds * 1000)
    const hash = digit.repeat(64)
    const add = (text: string, values: unknown[]) => test.query(text, [...values, expires])
    await add('insert into user_sessions (id, user_id, token, expires_at) values ($1, $2, $3, $4)', [
      newId(),
      userId,
      hash,
    ])
    await add('insert into user_verifications (id, identifier, value, expires_at) values ($1, $2, $3, $4)', [
      newId(),
      hash,
      userId,
    ])
    await add('insert into sessions (id, organization_id, token_hash, expires_at) values ($1, $2, $3, $4)', [
      newId(),
      organizationId,
      hash,
    ])
    await add('insert into sign_in_links (organization_id, token_hash, expires_at) values ($1, $2, $3)', [
      organizationId,
      hash,
    ])
  }
  expect(await pruneSessions(handle, now)).toBe(4)
  expect(await pruneSessions(handle, now)).toBe(0)
  expect(await pruneSessions(handle, new Date(now.getTime() + 61_000))).toBe(4)
  await close()
})
