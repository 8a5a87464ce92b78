import { expect, it } from 'vitest'
import { createTeam } from '../testing/index.ts'
import { createOrganization } from './create-organization.ts'
import { leaveOrganizations } from './leave-organizations.ts'

async function scene() {
  const team = await createTeam()
  const { person: ada } = await team.member('Ada', 'owner')
  const by = team.asPerson(ada)
  const own = await createOrganization(team.deps, by, { name: 'Alone' })
  const leave = () => leaveOrganizations(team.deps, by)
  const places = async () => (await team.world.memory.memberships.listByUser(ada.id)).length
  return { ...team, ada, own, leave, places }
}

it('refuses while others depend on the only owner, and changes nothing', async () => {
  const { leave, places, member, own, world } = await scene()
  await member('Ben', 'admin')
  await expect(leave()).rejects.toMatchObject({ code: 'last_owner', kind: 'conflict' })
  expect(await places()).toBe(2)
  expect(await world.memory.organizations.find(own.id)).not.toBeNull()
})

it('leaves what has another owner, and deletes what nobody else is in', async () => {
  const { leave, places, member, own, organizationId, world } = await scene()
  await member('Ben', 'owner')
  await leave()
  expect(await places()).toBe(0)
  expect(await world.memory.organizations.find(organizationId)).not.toBeNull()
  expect(await world.memory.organizations.find(own.id)).toBeNull()
  expect(world.memory.queue.list().map(job => job.name)).toContain('organization.remove')
  await leave()
})
