import { describe, expect, it } from 'vitest'
import type { KeyClaim, KeyScope } from '../../idempotency/index.ts'
import { newId } from '../../ids.ts'
import { randomSha256 } from '../builders.ts'
import { seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const NOW = new Date('2020-03-01T12:00:00.000Z')
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
const MANY = 1_000_000

/** What every store of idempotency keys does. */
export function idempotencyStoreContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`idempotency store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const keys = () => harness().database.idempotency
    const scopeOf = (more: Partial<KeyScope> = {}): KeyScope => ({
      ...{ principal: newId(), route: 'POST /images', key: newId() },
      ...more,
    })
    const claimOf = (more: Partial<KeyClaim> = {}): KeyClaim => ({
      ...{ organizationId: null, requestHash: 'a'.repeat(64), token: newId(), now: NOW },
      ...{ leaseUntil: after(60), expiresAt: after(86_400) },
      ...more,
    })

    it('gives a key to one of many, and tells the others that it runs', async () => {
      const scope = scopeOf()
      const answers = await Promise.all(Array.from({ length: 10 }, () => keys().claim(scope, claimOf())))
      expect(answers.filter(answer => answer === null)).toHaveLength(1)
      expect(answers.find(answer => answer !== null)).toEqual({ requestHash: 'a'.repeat(64), result: null })
    })

    it('keeps principals, routes and keys apart', async () => {
      const scope = scopeOf()
      const others = [
        { ...scope, principal: newId() },
        { ...scope, route: 'POST /other' },
        { ...scope, key: newId() },
      ]
      for (const each of [scope, ...others]) expect(await keys().claim(each, claimOf())).toBeNull()
    })

    it('answers what came of it, to whoever asks, until it expires', async () => {
      const { organizationId } = await seedProject(harness().database)
      const [scope, claim] = [scopeOf(), claimOf({ organizationId })]
      await keys().claim(scope, claim)
      const result = { image_id: newId(), items: [{ code: 'invalid_file_name' }] }
      expect(await keys().settle(scope, claim.token, result)).toBe(true)
      const requestHash = randomSha256()
      const later = claimOf({ now: after(86_399), leaseUntil: after(90_000), requestHash })
      expect(await keys().claim(scope, later)).toEqual({ requestHash: 'a'.repeat(64), result })
      expect(await keys().claim(scope, claimOf({ now: after(86_400), expiresAt: after(200_000) }))).toBeNull()
    })

    it('gives a key whose run outlived its lease to the next run of the same request alone', async () => {
      const [scope, first] = [scopeOf(), claimOf()]
      await keys().claim(scope, first)
      expect(await keys().claim(scope, claimOf({ now: after(59) }))).not.toBeNull()
      expect(await keys().claim(scope, claimOf({ now: after(61), requestHash: 'b'.repeat(64) }))).not.toBeNull()
      const second = claimOf({ now: after(61), leaseUntil: after(120) })
      expect(await keys().claim(scope, second)).toBeNull()
      expect(await keys().settle(scope, first.token, { late: true })).toBe(false)
      await keys().release(scope, first.token)
      expect(await keys().settle(scope, second.token, { id: 'x' })).toBe(true)
      expect(await keys().claim(scope, claimOf({ now: after(200) }))).toMatchObject({ result: { id: 'x' } })
    })

    it('gives back a key that nothing came of, and only such a one', async () => {
      const [scope, claim, again] = [scopeOf(), claimOf(), claimOf()]
      await keys().claim(scope, claim)
      await keys().release(scope, claim.token)
      expect(await keys().claim(scope, again)).toBeNull()
      await keys().settle(scope, again.token, { id: 'x' })
      await keys().release(scope, again.token)
      expect(await keys().claim(scope, claimOf())).toMatchObject({ result: { id: 'x' } })
    })

    it('settles with the transaction that creates, or not at all', async () => {
      const [scope, claim] = [scopeOf(), claimOf()]
      await keys().claim(scope, claim)
      const failed = harness().database.transaction(async tx => {
        await tx.idempotency.settle(scope, claim.token, { id: 'x' })
        throw new Error('no')
      })
      await expect(failed).rejects.toThrow('no')
      expect(await keys().claim(scope, claimOf())).toMatchObject({ result: null })
    })

    it('forgets expired keys, and of each principal all but the newest', async () => {
      const principal = newId()
      const scopes = Array.from({ length: 5 }, () => scopeOf({ principal }))
      for (const [index, scope] of scopes.entries())
        await keys().claim(scope, claimOf({ now: after(index), leaseUntil: after(60), expiresAt: after(MANY) }))
      const expired = scopeOf()
      await keys().claim(expired, claimOf({ expiresAt: after(10) }))
      expect(await keys().prune(after(11), 3)).toBeGreaterThanOrEqual(3)
      const known = async (scope: KeyScope) => (await keys().claim(scope, claimOf({ now: after(12) }))) !== null
      const left: boolean[] = []
      for (const scope of [...scopes, expired]) left.push(await known(scope))
      expect(left).toEqual([false, false, true, true, true, false])
    })
  })
}
