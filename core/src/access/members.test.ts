import { describe, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { contextOf, createTeam } from '../testing/index.ts'
import { changeMember } from './change-member.ts'
import { inviteMember } from './invite-member.ts'
import { listMembers } from './list-members.ts'
import { ROLES, type Role } from './permissions.ts'
import { removeMember } from './remove-member.ts'

async function scene() {
  const team = await createTeam()
  const { deps, organizationId } = team
  const people = {
    owner: await team.member('Olga', 'owner'),
    second: await team.member('Otto', 'owner'),
    admin: await team.member('Ada', 'admin'),
    member: await team.member('Mia', 'member'),
    viewer: await team.member('Vic', 'viewer'),
  }
  const change = (ctx: Context, userId: string, role: Role) => changeMember(deps, ctx, { organizationId, userId, role })
  const remove = (ctx: Context, userId: string) => removeMember(deps, ctx, { organizationId, userId })
  const events = () => [...team.world.memory.inspect().securityLog.values()].map(entry => entry.event)
  return { ...team, people, change, remove, events }
}

const notFound = { code: 'not_found' }
const forbidden = { code: 'forbidden' }

describe('members', () => {
  it('are seen by who manages access, a page at a time', async () => {
    const { deps, people, organizationId, world } = await scene()
    const list = (ctx: Context, limit = 9) => listMembers(deps, ctx, { organizationId, cursor: null, limit })
    for (const { ctx } of [people.owner, people.admin]) expect((await list(ctx)).items).toHaveLength(5)
    const { items, nextCursor } = await list(world.owner, 2)
    expect([items.length, nextCursor]).toEqual([2, items[1]?.id])
    expect((await list(people.owner.ctx)).items).toContainEqual(
      expect.objectContaining({ name: 'Ada', email: 'ada@example.com', role: 'admin' }),
    )
    for (const { ctx } of [people.member, people.viewer]) await expect(list(ctx)).rejects.toMatchObject(forbidden)
    const bound = contextOf(world.project, { role: 'admin', projectIds: [world.project.id] })
    await expect(list(bound)).rejects.toMatchObject(forbidden)
    await expect(list(contextOf(world.project, { organizationId: newId() }))).rejects.toMatchObject(notFound)
  })

  it('are given every role by owners, and all but the owner’s by admins', async () => {
    const { people, change, roleOf, events } = await scene()
    const { owner, admin, member, viewer } = people
    for (const role of ROLES) {
      expect(await change(owner.ctx, member.person.id, role)).toMatchObject({ role })
      expect(await roleOf(member.person)).toBe(role)
    }
    expect(await change(admin.ctx, viewer.person.id, 'admin')).toMatchObject({ role: 'admin' })
    await expect(change(admin.ctx, viewer.person.id, 'owner')).rejects.toMatchObject(forbidden)
    await expect(change(admin.ctx, owner.person.id, 'viewer')).rejects.toMatchObject(forbidden)
    await expect(change(admin.ctx, owner.person.id, 'owner')).rejects.toMatchObject(forbidden)
    await expect(change(admin.ctx, admin.person.id, 'owner')).rejects.toMatchObject(forbidden)
    expect(await roleOf(owner.person)).toBe('owner')
    // A role that stays as it is is no change.
    expect(events().filter(event => event === 'member.changed')).toHaveLength(5)
  })

  it('are nothing to others', async () => {
    const { people, change, remove, world, person } = await scene()
    const { member, viewer, owner } = people
    const ben = await person('Ben')
    for (const ctx of [
      contextOf(world.project, { organizationId: newId() }),
      contextOf(world.project, { kind: 'user', id: ben.id }),
    ]) {
      await expect(change(ctx, viewer.person.id, 'admin')).rejects.toMatchObject(notFound)
      await expect(remove(ctx, viewer.person.id)).rejects.toMatchObject(notFound)
      await expect(remove(ctx, ctx.actor.id)).rejects.toMatchObject(notFound)
    }
    await expect(change(member.ctx, viewer.person.id, 'member')).rejects.toMatchObject(forbidden)
    await expect(remove(member.ctx, viewer.person.id)).rejects.toMatchObject(forbidden)
    for (const unknown of [newId(), ben.id]) {
      await expect(change(owner.ctx, unknown, 'viewer')).rejects.toMatchObject(notFound)
      await expect(remove(owner.ctx, unknown)).rejects.toMatchObject(notFound)
    }
  })

  it('are managed by keys with the right to it', async () => {
    const { people, change, remove, world, roleOf } = await scene()
    const key = contextOf(world.project, { role: 'admin' })
    expect(await change(key, people.viewer.person.id, 'member')).toMatchObject({ role: 'member' })
    await expect(change(key, people.viewer.person.id, 'owner')).rejects.toMatchObject(forbidden)
    await remove(key, people.viewer.person.id)
    expect(await roleOf(people.viewer.person)).toBeNull()
    const service = contextOf(world.project, { kind: 'service', scopes: ['project.manage'] })
    await expect(remove(service, people.member.person.id)).rejects.toMatchObject(forbidden)
  })

  it('leave as they like, and are removed by admins, owners by owners', async () => {
    const { people, remove, roleOf, events } = await scene()
    const { owner, second, admin, member, viewer } = people
    await remove(viewer.ctx, viewer.person.id)
    await remove(admin.ctx, member.person.id)
    await expect(remove(admin.ctx, second.person.id)).rejects.toMatchObject(forbidden)
    await remove(owner.ctx, second.person.id)
    await remove(admin.ctx, admin.person.id)
    for (const { person } of [viewer, member, second, admin]) expect(await roleOf(person)).toBeNull()
    await expect(remove(viewer.ctx, viewer.person.id)).rejects.toMatchObject(notFound)
    expect(events().filter(event => event === 'member.removed')).toHaveLength(4)
  })

  it('take their open invitations with them', async () => {
    const { deps, people, remove, organizationId, world } = await scene()
    const input = { organizationId, email: 'second@example.com', role: 'admin' as const }
    const { invitation } = await inviteMember(deps, people.admin.ctx, input)
    await remove(people.owner.ctx, people.admin.person.id)
    expect(await world.memory.invitations.find(organizationId, invitation.id)).toMatchObject({
      revokedAt: expect.any(Date),
    })
  })
})

describe('the last owner', () => {
  const lastOwner = { code: 'last_owner', kind: 'conflict' }

  it('neither leaves nor becomes less', async () => {
    const { people, change, remove, world } = await scene()
    const { owner, second } = people
    await change(owner.ctx, second.person.id, 'admin')
    await expect(change(owner.ctx, owner.person.id, 'admin')).rejects.toMatchObject(lastOwner)
    await expect(remove(owner.ctx, owner.person.id)).rejects.toMatchObject(lastOwner)
    await expect(remove(world.owner, owner.person.id)).rejects.toMatchObject(lastOwner)
    expect(await change(owner.ctx, owner.person.id, 'owner')).toMatchObject({ role: 'owner' })
  })

  it('stays when both go at once', async () => {
    const { people, change, remove, world, organizationId } = await scene()
    const { owner, second } = people
    const ways = [
      () =>
        Promise.allSettled([
          change(owner.ctx, second.person.id, 'viewer'),
          change(second.ctx, owner.person.id, 'viewer'),
        ]),
      () => Promise.allSettled([remove(owner.ctx, owner.person.id), remove(second.ctx, second.person.id)]),
    ]
    for (const way of ways) {
      for (const { person } of [owner, second]) {
        const membership = { id: newId(), organizationId, userId: person.id, role: 'owner' as const }
        await world.memory.memberships.add({ ...membership, joinedAt: world.clock.now() })
        await world.memory.memberships.setRole(organizationId, person.id, 'owner')
      }
      const settled = await way()
      expect(settled.map(each => each.status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(await world.memory.memberships.findOwnerCount(organizationId)).toBe(1)
    }
  })
})
