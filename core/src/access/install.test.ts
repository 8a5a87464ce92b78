import { expect, it } from 'vitest'
import { createMemoryDatabase, createTestClock, createWorld, everyFault } from '../testing/index.ts'
import { install, type OwnerKeyFile } from './install.ts'
import { hashSecret, newSecret } from './secrets.ts'

function keyFile(key: string | null = null): OwnerKeyFile & { key: string | null } {
  const file = {
    key,
    read: async () => file.key,
    write: async (written: string) => {
      file.key = written
    },
  }
  return file
}

const input = { maxUploadBytes: 1_000 }

it('makes organisation, project and owner key once, however often the program starts', async () => {
  const database = createMemoryDatabase(createTestClock())
  const ownerKey = keyFile()
  const { organizationId } = await install({ database, ownerKey }, input)
  const key = ownerKey.key ?? ''
  expect(key).toMatch(/^cal_key_[A-Za-z0-9_-]{43}$/)
  expect(await database.credentials.findByApiKey(hashSecret(key))).toMatchObject({
    actor: { organizationId, role: 'owner' },
  })
  expect(await database.projects.findDefault(organizationId, null)).toMatchObject({
    name: 'default',
    settings: { maxBytes: 1_000 },
  })
  expect(await install({ database, ownerKey }, input)).toEqual({ organizationId })
  expect(ownerKey.key).toBe(key)
  const { organizations, projects, apiKeys } = database.inspect()
  expect([organizations.size, projects.size, apiKeys.size]).toEqual([1, 1, 1])
  expect(JSON.stringify([...apiKeys])).not.toContain(key)
})

it.each([
  ['is gone', null],
  ['names no key', newSecret('key')],
  ['holds nonsense', 'x'],
])('writes the owner key anew when its file %s', async (_name, left) => {
  const database = createMemoryDatabase(createTestClock())
  const { organizationId } = await install({ database, ownerKey: keyFile() }, input)
  const ownerKey = keyFile(left)
  expect(await install({ database, ownerKey }, input)).toEqual({ organizationId })
  expect(ownerKey.key).not.toBe(left)
  expect(await database.credentials.findByApiKey(hashSecret(ownerKey.key ?? ''))).not.toBeNull()
})

it('is mended by the next start wherever one was killed', async () => {
  const faults = await everyFault({
    scene: async () => {
      const world = await createWorld()
      const database = createMemoryDatabase(world.clock)
      const { faults } = world
      const error = () => new Error('away')
      const ownerKey = keyFile()
      const watched = {
        database: {
          ...database,
          transaction: faults.watch('database', database, { error, only: ['transaction'] }).transaction,
          credentials: faults.watch('credentials', database.credentials, { error }),
          installation: faults.watch('installation', database.installation, { error }),
        },
        ownerKey: faults.watch('file', ownerKey, { error, only: ['read', 'write'] }),
      }
      return { world, database, ownerKey, watched }
    },
    act: ({ watched }) => install(watched, input),
    check: async ({ database, ownerKey }) => {
      const { organizationId } = await install({ database, ownerKey }, input)
      const found = await database.credentials.findByApiKey(hashSecret(ownerKey.key ?? ''))
      expect(found?.actor).toMatchObject({ organizationId, role: 'owner' })
      const { organizations, projects } = database.inspect()
      expect([organizations.size, projects.size]).toEqual([1, 1])
    },
  })
  expect(faults).toBeGreaterThanOrEqual(16)
})

it('takes its own organisation, never a guest’s, and begins anew when its own was deleted', async () => {
  const database = createMemoryDatabase(createTestClock())
  const guest = { id: '00000000000000000000000000', name: 'Guest', createdAt: new Date(0) }
  await database.organizations.add(guest)
  const ownerKey = keyFile()
  const { organizationId } = await install({ database, ownerKey }, input)
  expect(organizationId).not.toBe(guest.id)
  await database.organizations.markDeleted(organizationId, new Date())
  const again = await install({ database, ownerKey }, input)
  expect([guest.id, organizationId]).not.toContain(again.organizationId)
  const found = await database.credentials.findByApiKey(hashSecret(ownerKey.key ?? ''))
  expect(found?.actor.organizationId).toBe(again.organizationId)
})
