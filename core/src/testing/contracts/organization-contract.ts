import { describe, expect, it } from 'vitest'
import { defaultProjectSettings } from '../../access/index.ts'
import { newId } from '../../ids.ts'
import { randomSha256 } from '../builders.ts'
import { createOrderedIds } from '../ordered-ids.ts'
import { seedProject } from '../seed.ts'
import type { PeopleHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const LATER = new Date('2026-03-02T12:00:00.000Z')

/** What every store of organisations does. */
export function organizationStoreContract(name: string, factory: () => Promise<PeopleHarness>): void {
  describe(`organisation store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const db = () => harness().database

    /** An organisation with a member, a key, a link, a session and an invitation. */
    async function inhabited() {
      const project = await seedProject(db())
      const { organizationId } = project
      const userId = newId()
      await harness().addPerson({ id: userId, name: 'Ada', email: `${userId}@example.com` })
      await db().memberships.add({ id: newId(), organizationId, userId, role: 'owner', joinedAt: NOW })
      const [key, link, session, invitation] = [randomSha256(), randomSha256(), randomSha256(), randomSha256()]
      await db().installation.addApiKey({ id: newId(), organizationId, name: 'key', role: 'owner', keyHash: key })
      await db().credentials.addSignInLink({ organizationId, tokenHash: link, expiresAt: LATER })
      await db().credentials.addSession({ id: newId(), organizationId, tokenHash: session, expiresAt: LATER })
      await db().invitations.add({
        ...{ id: newId(), organizationId, email: 'b@example.com', role: 'viewer', tokenHash: invitation },
        ...{ invitedBy: { kind: 'user', id: userId }, createdAt: NOW, expiresAt: LATER },
        ...{ acceptedAt: null, revokedAt: null },
      })
      return { project, organizationId, userId, key, link, session, invitation }
    }

    it('adds, finds and renames', async () => {
      const organization = { id: newId(), name: 'One', createdAt: NOW }
      await db().organizations.add(organization)
      expect(await db().organizations.find(organization.id)).toEqual(organization)
      expect(await db().transaction(tx => tx.organizations.lock(organization.id))).toEqual(organization)
      await db().organizations.rename(organization.id, 'Two')
      expect(await db().organizations.find(organization.id)).toEqual({ ...organization, name: 'Two' })
      expect(await db().organizations.find(newId())).toBeNull()
      expect(await db().transaction(tx => tx.organizations.lock(newId()))).toBeNull()
    })

    it('lets nobody in any more once it is deleted', async () => {
      const { organizationId, userId, key, link, session, invitation } = await inhabited()
      expect(await db().credentials.findByApiKey(key)).not.toBeNull()
      expect(await db().credentials.findBySession(session, NOW)).not.toBeNull()
      expect(await db().invitations.findByToken(invitation)).not.toBeNull()
      await db().transaction(tx => tx.organizations.markDeleted(organizationId, NOW))
      expect(await db().organizations.find(organizationId)).toBeNull()
      expect(await db().transaction(tx => tx.organizations.lock(organizationId))).toBeNull()
      expect(await db().credentials.findByApiKey(key)).toBeNull()
      expect(await db().credentials.redeemSignInLink(link, NOW)).toBeNull()
      expect(await db().credentials.findBySession(session, NOW)).toBeNull()
      expect(await db().memberships.find(userId, organizationId)).toBeNull()
      expect(await db().memberships.listByUser(userId)).toEqual([])
      expect(await db().invitations.findByToken(invitation)).toBeNull()
    })

    it('removes its rows once its projects are gone, and nobody else’s', async () => {
      const [mine, other] = [await inhabited(), await inhabited()]
      const { organizationId, project } = mine
      await db().organizations.remove(organizationId)
      expect(await db().organizations.find(organizationId)).not.toBeNull()
      await db().transaction(async tx => {
        await tx.projects.markDeleted(project.id, NOW)
        await tx.organizations.markDeleted(organizationId, NOW)
      })
      await expect(db().organizations.remove(organizationId)).rejects.toThrow()
      await db().projects.remove(project.id, NOW)
      await db().organizations.remove(organizationId)
      await db().organizations.remove(organizationId)
      expect(await db().credentials.findByApiKey(other.key)).not.toBeNull()
      expect(await db().memberships.find(other.userId, other.organizationId)).not.toBeNull()
      const again = { id: organizationId, name: 'Again', createdAt: NOW }
      await db().organizations.add(again)
      expect(await db().organizations.find(organizationId)).toEqual(again)
    })

    it('is the installation’s own one only where the first start made it', async () => {
      const organization = { id: '00000000000000000000000000', name: 'Guest', createdAt: new Date(0) }
      await db().organizations.add(organization)
      await seedProject(db())
      expect((await db().installation.findFirstOrganization())?.id).not.toBe(organization.id)
      const first = await db().installation.findFirstOrganization()
      await db().organizations.markDeleted(first?.id ?? '', NOW)
      expect((await db().installation.findFirstOrganization())?.id).not.toBe(first?.id)
    })

    it('holds its row: who comes second waits for the first', async () => {
      const { organizationId } = await seedProject(db())
      const seen: string[] = []
      const rename = (to: string) =>
        db().transaction(async tx => {
          const { name } = (await tx.organizations.lock(organizationId)) ?? {}
          await new Promise(resolve => setTimeout(resolve, 20))
          seen.push(`${name} to ${to}`)
          await tx.organizations.rename(organizationId, to)
        })
      const names = ['a', 'b', 'c']
      await Promise.all(names.map(rename))
      const last = (await db().organizations.find(organizationId))?.name
      expect(new Set(seen.map(line => line.split(' to ')[0])).size).toBe(3)
      expect(seen.at(-1)).toMatch(new RegExp(` to ${last}$`))
    })

    it('pages through projects, and keeps names apart among the living', async () => {
      const first = await seedProject(db())
      const { organizationId } = first
      const settings = defaultProjectSettings()
      const nextId = createOrderedIds(first.id)
      const add = async (title: string) => {
        const project = { id: nextId(), organizationId, name: title, settings, createdAt: NOW }
        await db().projects.add(project)
        return project
      }
      const second = await add('second')
      const third = await add('third')
      const page = async (before: string | null, projectIds: string[] | null = null) =>
        (await db().projects.listPage({ organizationId, projectIds, before, limit: 2 })).map(project => project.id)
      expect(await page(null)).toEqual([third.id, second.id])
      expect(await page(second.id)).toEqual([first.id])
      expect(await page(null, [second.id])).toEqual([second.id])
      expect(await db().projects.findCount(organizationId)).toBe(3)
      expect(await db().projects.findByName(organizationId, 'second')).toEqual(second)
      expect(await db().projects.findByName(newId(), 'second')).toBeNull()
      await expect(add('second')).rejects.toThrow()
      await db().projects.change(second.id, { name: 'renamed', settings: { ...settings, retentionDays: 1 } })
      expect(await db().projects.load(second.id)).toEqual({
        ...{ ...second, name: 'renamed', settings: { ...settings, retentionDays: 1 } },
      })
      expect(await db().transaction(tx => tx.projects.hold(third.id))).toEqual(third)
      await db().transaction(tx => tx.projects.markDeleted(third.id, NOW))
      expect(await db().transaction(tx => tx.projects.hold(third.id))).toBeNull()
      expect(await db().projects.findCount(organizationId)).toBe(2)
      await add('third')
    })
  })
}
