import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { contextOf, createTeam } from '../testing/index.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { createOrganization } from './create-organization.ts'
import { deleteOrganization } from './delete-organization.ts'
import { INVITATION_DAYS, MAX_PENDING_INVITATIONS, statusOf } from './invitation.ts'
import { inviteMember } from './invite-member.ts'
import { MAX_ORGANIZATIONS_PER_PERSON } from './limits.ts'
import { listInvitations } from './list-invitations.ts'
import type { Role } from './permissions.ts'
import { previewInvitation } from './preview-invitation.ts'
import { revokeInvitation } from './revoke-invitation.ts'

async function scene() {
  const team = await createTeam()
  const { deps, organizationId, world } = team
  const { ctx } = await team.member('Ada', 'admin')
  const invite = async (email = 'ben@example.com', role: Role = 'member', by: Context = ctx) => {
    const { invitation, acceptUrl } = await inviteMember(deps, by, { organizationId, email, role })
    return { invitation, token: acceptUrl.split('#invitation=')[1] ?? '', acceptUrl }
  }
  const ben = await team.person('Ben')
  const accept = (token: string, person = ben) => acceptInvitation(deps, team.asPerson(person), { token })
  const list = async () =>
    (await listInvitations(deps, ctx, { organizationId, cursor: null, limit: 200 })).items.map(invitation =>
      statusOf(invitation, world.clock.now()),
    )
  return { ...team, admin: ctx, ben, invite, accept, list }
}

const gone = { code: 'invitation_gone', kind: 'gone' }
const forbidden = { code: 'forbidden' }
const notFound = { code: 'not_found' }

describe('inviting', () => {
  it('answers the address with the token once and keeps only its hash', async () => {
    const { world, invite } = await scene()
    const { token, acceptUrl, invitation } = await invite()
    expect(acceptUrl).toBe(`http://calotype.test/#invitation=${token}`)
    expect(token).toMatch(/^cal_invitation_[\w-]{43}$/)
    expect(invitation.expiresAt.getTime() - world.clock.now().getTime()).toBe(INVITATION_DAYS * 86_400_000)
    const { memory } = world
    expect(JSON.stringify([...memory.inspect().invitations, memory.queue.list()])).not.toContain(token)
  })

  it('queues a sealed mail with the address in the same transaction', async () => {
    const { world, deps, invite } = await scene()
    const { acceptUrl } = await invite('Ben@Example.com')
    const [job, ...others] = world.memory.queue.list()
    expect([job?.name, others]).toEqual(['mail.send', []])
    const { sealed } = z.object({ sealed: z.string() }).parse(job?.payload)
    const mail = deps.mailSeal.open(sealed)
    expect(mail).toContain(acceptUrl)
    expect(mail).toContain('Ben@Example.com')
    const { ctx } = { ctx: contextOf(world.project, { role: 'viewer' }) }
    await expect(invite('x@example.com', 'viewer', ctx)).rejects.toMatchObject(forbidden)
    expect(world.memory.queue.list()).toHaveLength(1)
  })

  it('goes no higher than the own role', async () => {
    const { invite, world, member } = await scene()
    await expect(invite('x@example.com', 'owner')).rejects.toMatchObject(forbidden)
    for (const role of ['member', 'viewer'] as const)
      await expect(invite('x@example.com', 'viewer', (await member(role, role)).ctx)).rejects.toMatchObject(forbidden)
    expect((await invite('x@example.com', 'owner', world.owner)).invitation.role).toBe('owner')
    const foreign = contextOf(world.project, { organizationId: newId() })
    await expect(invite('x@example.com', 'viewer', foreign)).rejects.toMatchObject(notFound)
  })

  it('replaces what waits for the same address', async () => {
    const { invite, accept, list } = await scene()
    const first = await invite('ben@example.com')
    const second = await invite('BEN@example.com', 'viewer')
    expect((await list()).sort()).toEqual(['pending', 'revoked'])
    await expect(accept(first.token)).rejects.toMatchObject(gone)
    expect(await accept(second.token)).toMatchObject({ role: 'viewer' })
  })

  it('ends at a number of those that wait', async () => {
    const { world, invite, list } = await scene()
    for (let count = 0; count < MAX_PENDING_INVITATIONS; count++) await invite(`p${count}@example.com`)
    await expect(invite('more@example.com')).rejects.toMatchObject({
      ...{ code: 'limit_reached', details: { limit: MAX_PENDING_INVITATIONS } },
    })
    await invite('p0@example.com')
    world.clock.advance(INVITATION_DAYS * 86_400_000)
    await invite('more@example.com')
    expect((await list()).filter(status => status === 'expired')).toHaveLength(MAX_PENDING_INVITATIONS)
  })
})

describe('an invitation', () => {
  it('tells its holder what it is for', async () => {
    const { deps, invite } = await scene()
    const { token, invitation } = await invite()
    const preview = await previewInvitation(deps, { token })
    expect(preview).toMatchObject({ invitation: { id: invitation.id, email: 'ben@example.com', role: 'member' } })
    expect(preview.organization.name).toMatch(/^Organisation/)
    await expect(previewInvitation(deps, { token: `${token}x` })).rejects.toMatchObject(notFound)
  })

  it('makes a member once, however many try', async () => {
    const { world, ben, invite, accept, roleOf, list, organizationId } = await scene()
    const { token } = await invite()
    const settled = await Promise.allSettled([accept(token), accept(token), accept(token)])
    expect(settled.map(each => each.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(await roleOf(ben)).toBe('member')
    expect(await list()).toEqual(['accepted'])
    await expect(accept(token)).rejects.toMatchObject(gone)
    const log = [...world.memory.inspect().securityLog.values()].filter(entry => entry.event === 'member.joined')
    expect(log).toMatchObject([{ organizationId, actor: { kind: 'user', id: ben.id } }])
  })

  it('is for the account with its address, however that is written', async () => {
    const { invite, accept, person, roleOf, ben } = await scene()
    const { token } = await invite('BEN@Example.COM')
    const eve = await person('Eve')
    await expect(accept(token, eve)).rejects.toMatchObject({ code: 'invitation_for_other', kind: 'forbidden' })
    await expect(accept(token, { ...ben, id: newId() })).rejects.toMatchObject(forbidden)
    expect(await roleOf(eve)).toBeNull()
    await accept(token)
    expect(await roleOf(ben)).toBe('member')
  })

  it('raises a role and never lowers it', async () => {
    const { invite, accept, roleOf, ben, world } = await scene()
    await accept((await invite('ben@example.com', 'member')).token)
    expect(await accept((await invite('ben@example.com', 'viewer')).token)).toMatchObject({ role: 'member' })
    expect(await roleOf(ben)).toBe('member')
    expect(await accept((await invite('ben@example.com', 'owner', world.owner)).token)).toMatchObject({ role: 'owner' })
    expect(await roleOf(ben)).toBe('owner')
  })

  it('is good for seven days, until it is revoked, and while its organisation is there', async () => {
    const { world, deps, admin, invite, accept, organizationId } = await scene()
    const late = await invite()
    world.clock.advance(INVITATION_DAYS * 86_400_000)
    await expect(accept(late.token)).rejects.toMatchObject(gone)
    await expect(previewInvitation(deps, { token: late.token })).rejects.toMatchObject(gone)
    const { token, invitation } = await invite()
    const revoke = (invitationId: string, ctx = admin) => revokeInvitation(deps, ctx, { organizationId, invitationId })
    await expect(revoke(newId())).rejects.toMatchObject(notFound)
    await expect(revoke(invitation.id, contextOf(world.project, { role: 'member' }))).rejects.toMatchObject(forbidden)
    await revoke(invitation.id)
    await revoke(invitation.id)
    await expect(accept(token)).rejects.toMatchObject(gone)
    const last = await invite()
    await deleteOrganization(deps, world.owner, { organizationId })
    await expect(accept(last.token)).rejects.toMatchObject(notFound)
    await expect(previewInvitation(deps, { token: last.token })).rejects.toMatchObject(notFound)
  })

  it('that was accepted is not revoked', async () => {
    const { deps, admin, invite, accept, list, organizationId } = await scene()
    const { token, invitation } = await invite()
    await accept(token)
    await revokeInvitation(deps, admin, { organizationId, invitationId: invitation.id })
    expect(await list()).toEqual(['accepted'])
  })

  it('is of no use to who is in as many organisations as one can be', async () => {
    const { deps, ben, asPerson, invite, accept } = await scene()
    for (let count = 0; count < MAX_ORGANIZATIONS_PER_PERSON; count++)
      await createOrganization(deps, asPerson(ben), { name: 'x' })
    await expect(accept((await invite()).token)).rejects.toMatchObject({ code: 'limit_reached' })
  })
})
