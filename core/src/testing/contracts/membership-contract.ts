import { describe, expect, it } from 'vitest'
import type { Role } from '../../access/index.ts'
import { newId } from '../../ids.ts'
import { randomSha256 } from '../builders.ts'
import { createOrderedIds } from '../ordered-ids.ts'
import { seedProject } from '../seed.ts'
import type { PeopleHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000)

/** What every store of members and invitations does. */
export function membershipStoreContract(name: string, factory: () => Promise<PeopleHarness>): void {
  describe(`membership store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const db = () => harness().database
    const nextId = createOrderedIds()
    const organization = async () => (await seedProject(db())).organizationId
    const person = async () => {
      const id = newId()
      const made = { id, name: 'Ada', email: `${id}@example.com` }
      await harness().addPerson(made)
      return made
    }
    const join = async (organizationId: string, userId: string, role: Role = 'member') => {
      const membership = { id: nextId(), organizationId, userId, role, joinedAt: NOW }
      expect(await db().memberships.add(membership)).toBe(true)
      return membership
    }

    it('knows who belongs where', async () => {
      const [here, there, { id, name, email }] = [await organization(), await organization(), await person()]
      const first = await join(here, id, 'owner')
      const second = await join(there, id)
      expect(await db().memberships.find(id, here)).toEqual(first)
      expect(await db().memberships.find(id, newId())).toBeNull()
      expect(await db().memberships.findMember(here, id)).toEqual({ ...first, name, email })
      expect(await db().memberships.findMember(here, newId())).toBeNull()
      const all = await db().memberships.listByUser(id)
      expect(all.map(each => each.membership)).toEqual([first, second])
      expect(all[0]?.organization).toEqual(await db().organizations.find(here))
      expect(await db().memberships.listByUser(newId())).toEqual([])
      expect(await db().memberships.findPerson(id)).toEqual({ id, name, email })
      expect(await db().memberships.findPerson(newId())).toBeNull()
      expect(await db().transaction(tx => tx.memberships.lockPerson(id))).toBe(true)
      expect(await db().transaction(tx => tx.memberships.lockPerson(newId()))).toBe(false)
    })

    it('takes nobody twice, and changes and removes who is there', async () => {
      const [here, { id }] = [await organization(), await person()]
      const first = await join(here, id, 'owner')
      expect(await db().memberships.add({ ...first, id: newId(), role: 'viewer' })).toBe(false)
      expect(await db().memberships.findOwnerCount(here)).toBe(1)
      expect(await db().memberships.setRole(here, id, 'admin')).toBe(true)
      expect(await db().memberships.setRole(here, newId(), 'admin')).toBe(false)
      expect(await db().memberships.find(id, here)).toEqual({ ...first, role: 'admin' })
      expect(await db().memberships.findOwnerCount(here)).toBe(0)
      expect(await db().memberships.remove(here, id)).toBe(true)
      expect(await db().memberships.remove(here, id)).toBe(false)
      expect(await db().memberships.find(id, here)).toBeNull()
    })

    it('lists members newest first, a page at a time', async () => {
      const here = await organization()
      const joined = []
      for (let count = 0; count < 3; count++) joined.unshift(await join(here, (await person()).id))
      const page = (before: string | null, limit: number) =>
        db().memberships.list({ organizationId: here, before, limit })
      expect((await page(null, 2)).map(each => each.id)).toEqual(joined.slice(0, 2).map(each => each.id))
      expect((await page(joined[1]?.id ?? null, 2)).map(each => each.userId)).toEqual([joined[2]?.userId])
    })

    const invitation = (organizationId: string, overrides = {}) => ({
      id: nextId(),
      organizationId,
      email: 'Ben@Example.com',
      role: 'member' as const,
      invitedBy: { kind: 'user' as const, id: newId() },
      createdAt: NOW,
      expiresAt: inDays(7),
      acceptedAt: null,
      revokedAt: null,
      ...overrides,
    })

    it('finds invitations by their token and by their organisation alone', async () => {
      const [here, there, tokenHash] = [await organization(), await organization(), randomSha256()]
      const made = invitation(here)
      await db().invitations.add({ ...made, tokenHash })
      expect(await db().invitations.findByToken(tokenHash)).toEqual(made)
      expect(await db().transaction(tx => tx.invitations.lockByToken(tokenHash))).toEqual(made)
      expect(await db().invitations.findByToken(randomSha256())).toBeNull()
      expect(await db().invitations.find(here, made.id)).toEqual(made)
      expect(await db().invitations.find(there, made.id)).toBeNull()
      expect(await db().invitations.revoke(there, made.id, NOW)).toBe(false)
      const later = invitation(here)
      await db().invitations.add({ ...later, tokenHash: randomSha256() })
      const list = (before: string | null) => db().invitations.list({ organizationId: here, before, limit: 5 })
      expect((await list(null)).map(each => each.id)).toEqual([later.id, made.id])
      expect((await list(later.id)).map(each => each.id)).toEqual([made.id])
    })

    it('counts what waits for an answer, and answers it once', async () => {
      const [here, maker] = [await organization(), newId()]
      const add = async (overrides = {}) => {
        const made = invitation(here, overrides)
        await db().invitations.add({ ...made, tokenHash: randomSha256() })
        return made
      }
      const [accepted, revoked] = [await add(), await add()]
      await add({ expiresAt: NOW })
      const [sameAddress, sameMaker] = [
        await add({ email: 'ada@example.com' }),
        await add({ email: 'eve@example.com', invitedBy: { kind: 'user', id: maker } }),
      ]
      const pending = () => db().invitations.findPendingCount(here, NOW)
      expect(await pending()).toBe(4)
      await db().invitations.markAccepted(here, accepted.id, newId(), NOW)
      expect(await db().invitations.revoke(here, accepted.id, NOW)).toBe(false)
      expect(await db().invitations.revoke(here, revoked.id, NOW)).toBe(true)
      expect(await pending()).toBe(2)
      await db().invitations.revokeAll(here, { email: 'ADA@example.com' }, NOW)
      expect(await db().invitations.find(here, sameAddress.id)).toMatchObject({ revokedAt: NOW })
      expect(await pending()).toBe(1)
      await db().invitations.revokeAll(here, { invitedBy: maker }, NOW)
      expect(await db().invitations.find(here, sameMaker.id)).toMatchObject({ revokedAt: NOW })
      expect(await db().invitations.find(here, accepted.id)).toMatchObject({ acceptedAt: NOW, revokedAt: null })
    })
  })
}
