import type { Person, Role } from '../access/index.ts'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { createMailSeal } from '../mail/index.ts'
import { contextOf, createWorld } from './world.ts'

/** A world with people in it. */
export async function createTeam() {
  const world = await createWorld()
  const { organizationId } = world.project
  const deps = {
    ...world.deps,
    mailSeal: createMailSeal('a secret for tests alone'),
    publicUrl: 'http://calotype.test',
  }
  const person = async (name: string): Promise<Person> => {
    const made = { id: newId(), name, email: `${name.toLowerCase()}@example.com` }
    await world.memory.addPerson(made)
    return made
  }
  return {
    world,
    deps,
    organizationId,
    person,
    /** A new person who is a member, and how they ask. */
    member: async (name: string, role: Role): Promise<{ person: Person; ctx: Context }> => {
      const joined = await person(name)
      const { id: userId } = joined
      const membership = { id: newId(), organizationId, userId, role, joinedAt: world.clock.now() }
      await world.memory.memberships.add(membership)
      return { person: joined, ctx: contextOf(world.project, { kind: 'user', id: userId, role }) }
    },
    /** What a person is in the organisation now. */
    roleOf: async ({ id }: Person) => (await world.memory.memberships.find(id, organizationId))?.role ?? null,
    /** How somebody asks before they belong anywhere. */
    asPerson: ({ id }: Person) => ({ userId: id, requestId: 'test-request' }),
  }
}

export type Team = Awaited<ReturnType<typeof createTeam>>
