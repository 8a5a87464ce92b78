import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { type CopyScene, createCopyScene, everyFault } from '../testing/index.ts'
import { transfer } from './transfer.ts'

const BY = { projectId: '', purpose: 'care' as const }

const move = ({ source, target, archive, clock }: CopyScene) => {
  const from = { database: source.database, blobs: source.watched }
  const to = { database: target.database, blobs: target.watched }
  return transfer({ from, to, ledger: archive.watched, clock }, () => {})
}

const contentsOf = ({ rows, blobs }: CopyScene['source']) => ({
  tables: Object.fromEntries(rows.tables),
  objects: blobs.keys().map(key => [key, blobs.bytes(key)?.toString()]),
})

it('brings every row and object, counts them, and leaves no ledger', async () => {
  const scene = await createCopyScene()
  expect(await move(scene)).toEqual({
    ...{ tables: 2, rows: 4, objects: { count: 3, bytes: 11 }, moved: { count: 3, bytes: 11 } },
    ...{ differentTables: [], differentObjects: 0, missing: { count: 0, keys: [] }, differing: { count: 0, keys: [] } },
  })
  expect(contentsOf(scene.target)).toEqual(contentsOf(scene.source))
  expect(scene.archive.blobs.keys()).toEqual([])
})

it('only compares when it is done already', async () => {
  const scene = await createCopyScene()
  await move(scene)
  expect(await move(scene)).toMatchObject({ moved: null, objects: { count: 3 }, differentObjects: 0 })
})

it('sees an object that was lost afterwards', async () => {
  const scene = await createCopyScene()
  await move(scene)
  await scene.target.blobs.remove(['uploads/2'], BY)
  await expect(move(scene)).rejects.toMatchObject({ code: 'copy_differs' })
})

it('refuses a target with rows or objects of its own, and leaves it alone', async () => {
  const scene = await createCopyScene()
  const body = Readable.from([Buffer.from('mine')])
  await scene.target.blobs.put('uploads/7', body, { maxBytes: 10, contentType: '' }, BY)
  await expect(move(scene)).rejects.toMatchObject({ code: 'installation_not_empty' })
  expect(scene.target.blobs.keys()).toEqual(['uploads/7'])
  const other = await createCopyScene()
  other.target.rows.schema = [1, 2, 3]
  other.target.rows.tables.set('organizations', ['mine'])
  await expect(move(other)).rejects.toMatchObject({ code: 'installation_not_empty' })
  expect(other.target.blobs.keys()).toEqual([])
})

it('broken off at any call, while the source changes before the next try, ends equal', async () => {
  const faults = await everyFault({
    scene: createCopyScene,
    act: move,
    check: async scene => {
      if (scene.target.rows.tables.size === 0) {
        await scene.drop('uploads/1')
        await scene.add('private/p/5', 'five')
      }
      const { differentTables, differentObjects } = await move(scene)
      expect([...differentTables, differentObjects]).toEqual([0])
      expect(contentsOf(scene.target)).toEqual(contentsOf(scene.source))
      expect(scene.archive.blobs.keys()).toEqual([])
    },
  })
  expect(faults).toBeGreaterThan(80)
})

it('copies nothing twice that was written down', async () => {
  const scene = await createCopyScene()
  // All objects are there and written down; the rows are not.
  const broken = { ...scene.target.database, load: () => Promise.reject(new Error('killed')) }
  await expect(move({ ...scene, target: { ...scene.target, database: broken } })).rejects.toThrow('killed')
  expect(await move(scene)).toMatchObject({ moved: { count: 0, bytes: 0 }, objects: { count: 3 } })
})
