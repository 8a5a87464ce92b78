import { expect, it } from 'vitest'
import { createMemoryDatabase, createTestClock, createWorld, everyFault } from '../testing/index.ts'
import { initialize } from './initialize.ts'
import { hashSecret } from './secrets.ts'

const input = { maxUploadBytes: 1_000, anotherKey: false }

it('makes organisation, project and owner key once, and another key only when asked', async () => {
  const database = createMemoryDatabase(createTestClock())
  const { organizationId, ownerKey } = await initialize({ database }, input)
  const roleOf = async (key: string | null) => (await database.credentials.findByApiKey(hashSecret(key ?? '')))?.actor
  expect(await roleOf(ownerKey)).toMatchObject({ organizationId, role: 'owner' })
  expect(await initialize({ database }, input)).toEqual({ organizationId, ownerKey: null })
  const another = await initialize({ database }, { ...input, anotherKey: true })
  expect(another.ownerKey).not.toBe(ownerKey)
  for (const key of [ownerKey, another.ownerKey])
    expect(await roleOf(key)).toMatchObject({ organizationId, role: 'owner' })
  const { organizations, projects, apiKeys } = database.inspect()
  expect([organizations.size, projects.size, apiKeys.size]).toEqual([1, 1, 2])
})

it('leaves nothing half made whichever call fails', async () => {
  await everyFault({
    scene: async () => {
      const world = await createWorld()
      const database = createMemoryDatabase(world.clock)
      const error = () => new Error('away')
      const { transaction } = world.faults.watch('database', database, { error, only: ['transaction'] })
      return { world, database, watched: { ...database, transaction } }
    },
    act: ({ watched }) => initialize({ database: watched }, input),
    check: async ({ database }) => {
      const counts = () => [database.inspect().organizations.size, database.inspect().apiKeys.size]
      expect([
        [0, 0],
        [1, 1],
      ]).toContainEqual(counts())
      await initialize({ database }, input)
      expect(counts()).toEqual([1, 1])
    },
  })
})
