import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { contextOf, createTeam } from '../testing/index.ts'
import { changeOrganization } from './change-organization.ts'
import { createOrganization } from './create-organization.ts'
import { deleteOrganization } from './delete-organization.ts'
import { getOrganization, listOrganizations } from './get-organization.ts'
import { MAX_ORGANIZATIONS_PER_PERSON } from './limits.ts'
import { removeMember } from './remove-member.ts'
import { hashSecret } from './secrets.ts'
import { switchOrganization } from './switch-organization.ts'

const PAGE = { cursor: null, limit: 50 }

describe('making an organisation', () => {
  it('gives it a project and makes its maker the owner', async () => {
    const { world, deps, person, asPerson } = await createTeam()
    const ada = await person('Ada')
    const { id } = await createOrganization(deps, asPerson(ada), { name: 'Ada’s' })
    expect(await world.memory.memberships.find(ada.id, id)).toMatchObject({ role: 'owner' })
    const project = await world.memory.projects.findDefault(id, null)
    expect(project).toMatchObject({ name: 'default', settings: { maxBytes: deps.maxUploadBytes } })
  })

  it('is for people with an account', async () => {
    const { world, deps } = await createTeam()
    const nobody = createOrganization(deps, { userId: newId(), requestId: 'r' }, { name: 'None' })
    await expect(nobody).rejects.toMatchObject({ code: 'forbidden', details: { reason: 'account_needed' } })
    expect(world.memory.inspect().organizations.size).toBe(1)
  })

  it('ends at a number, at once as one after another', async () => {
    const { world, deps, person, asPerson } = await createTeam()
    const ada = await person('Ada')
    const make = () => createOrganization(deps, asPerson(ada), { name: 'Another' })
    for (let count = 2; count < MAX_ORGANIZATIONS_PER_PERSON; count++) await make()
    const settled = await Promise.allSettled([make(), make(), make()])
    expect(settled.filter(each => each.status === 'fulfilled')).toHaveLength(2)
    const refused = { code: 'limit_reached', details: { limit: MAX_ORGANIZATIONS_PER_PERSON } }
    await expect(make()).rejects.toMatchObject(refused)
    expect(await world.memory.memberships.listByUser(ada.id)).toHaveLength(MAX_ORGANIZATIONS_PER_PERSON)
  })
})

describe('an organisation', () => {
  it('is seen by its members and keys, and is nothing to others', async () => {
    const { world, deps, member, person, organizationId } = await createTeam()
    const { ctx } = await member('Ada', 'viewer')
    const get = (by: typeof ctx, id = organizationId) => getOrganization(deps, by, { organizationId: id })
    expect(await get(ctx)).toMatchObject({ organization: { id: organizationId }, role: 'viewer' })
    expect(await get(world.owner)).toMatchObject({ role: 'owner' })
    const strangers = [
      contextOf(world.project, { organizationId: newId() }),
      // Was a member once, as a session that lasts may still say.
      contextOf(world.project, { kind: 'user', id: (await person('Ben')).id }),
      contextOf(world.project, { kind: 'user', id: (await person('Eve')).id, organizationId: newId() }),
    ]
    for (const stranger of strangers) await expect(get(stranger)).rejects.toMatchObject({ code: 'not_found' })
    await expect(get(ctx, newId())).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is reached by a person from wherever they work, and by a narrowed token only at home', async () => {
    const { deps, member, asPerson, organizationId } = await createTeam()
    const { person, ctx } = await member('Ada', 'viewer')
    const { id } = await createOrganization(deps, asPerson(person), { name: 'Own' })
    expect(await getOrganization(deps, ctx, { organizationId: id })).toMatchObject({ role: 'owner' })
    const renamed = await changeOrganization(deps, ctx, { organizationId: id, name: 'Renamed' })
    expect(renamed).toMatchObject({ organization: { name: 'Renamed' }, role: 'owner' })
    const narrow = { ...ctx, actor: { ...ctx.actor, projectIds: [newId()] } }
    await expect(getOrganization(deps, narrow, { organizationId: id })).rejects.toMatchObject({ code: 'not_found' })
    const list = await listOrganizations(deps, ctx, PAGE)
    expect(list.items.map(each => [each.organization.id, each.role]).sort()).toEqual(
      [
        [organizationId, 'viewer'],
        [id, 'owner'],
      ].sort(),
    )
    const first = await listOrganizations(deps, ctx, { cursor: null, limit: 1 })
    const second = await listOrganizations(deps, ctx, { cursor: first.nextCursor, limit: 1 })
    expect([first, second].flatMap(page => page.items)).toEqual(list.items)
    expect(second.nextCursor).toBeNull()
    await expect(listOrganizations(deps, ctx, { cursor: 'x', limit: 1 })).rejects.toMatchObject({
      code: 'invalid_cursor',
    })
  })

  it('lists its own one to a key', async () => {
    const { world, deps, organizationId } = await createTeam()
    const { items } = await listOrganizations(deps, world.owner, PAGE)
    expect(items).toMatchObject([{ organization: { id: organizationId }, role: 'owner' }])
  })

  it('is renamed by who manages access, and counts a role as it is now', async () => {
    const { world, deps, member, organizationId } = await createTeam()
    const rename = (ctx: typeof world.owner) => changeOrganization(deps, ctx, { organizationId, name: 'New' })
    for (const role of ['viewer', 'member'] as const)
      await expect(rename((await member(role, role)).ctx)).rejects.toMatchObject({ code: 'forbidden' })
    const admin = await member('Admin', 'admin')
    expect(await rename(admin.ctx)).toMatchObject({ organization: { name: 'New' }, role: 'admin' })
    await world.memory.memberships.setRole(organizationId, admin.person.id, 'viewer')
    await expect(rename(admin.ctx)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('becomes the one that a session works in, for its members', async () => {
    const { world, deps, member, person, organizationId } = await createTeam()
    const { person: ada } = await member('Ada', 'viewer')
    const sessionId = newId()
    await switchOrganization(deps, { sessionId, userId: ada.id }, { organizationId })
    expect(world.memory.inspect().activeOrganizations.get(sessionId)).toBe(organizationId)
    const ben = await person('Ben')
    const foreign = switchOrganization(deps, { sessionId: newId(), userId: ben.id }, { organizationId })
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('deleting an organisation', () => {
  it('is for owners', async () => {
    const { world, deps, member, organizationId } = await createTeam()
    for (const role of ['viewer', 'member', 'admin'] as const) {
      const { ctx } = await member(role, role)
      await expect(deleteOrganization(deps, ctx, { organizationId })).rejects.toMatchObject({ code: 'forbidden' })
    }
    const bound = contextOf(world.project, { projectIds: [world.project.id] })
    await expect(deleteOrganization(deps, bound, { organizationId })).rejects.toMatchObject({ code: 'forbidden' })
    const foreign = contextOf(world.project, { organizationId: newId() })
    await expect(deleteOrganization(deps, foreign, { organizationId })).rejects.toMatchObject({ code: 'not_found' })
    expect(world.memory.queue.list()).toEqual([])
    expect(await world.memory.organizations.find(organizationId)).not.toBeNull()
  })

  it('closes it for everybody at once', async () => {
    const { world, deps, member, organizationId } = await createTeam()
    const { ctx, person } = await member('Ada', 'owner')
    const keyHash = hashSecret('key')
    await world.memory.installation.addApiKey({ id: newId(), organizationId, name: 'k', role: 'owner', keyHash })
    await deleteOrganization(deps, ctx, { organizationId })
    expect(await world.memory.credentials.findByApiKey(keyHash)).toBeNull()
    expect(await world.memory.memberships.listByUser(person.id)).toEqual([])
    expect(await world.memory.projects.load(world.project.id)).toBeNull()
    for (const again of [ctx, world.owner]) {
      await expect(getOrganization(deps, again, { organizationId })).rejects.toMatchObject({ code: 'not_found' })
      await expect(deleteOrganization(deps, again, { organizationId })).rejects.toMatchObject({ code: 'not_found' })
      const removed = removeMember(deps, again, { organizationId, userId: person.id })
      await expect(removed).rejects.toMatchObject({ code: 'not_found' })
    }
  })
})
