import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CopyScene, createCopyScene, everyFault } from '../testing/index.ts'
import { checkBackup } from './check-backup.ts'
import { makeBackup } from './make-backup.ts'
import { openBackup } from './manifest.ts'
import type { CopyProgress } from './progress.ts'
import { restoreBackup } from './restore-backup.ts'

const SECRETS = { secretKey: 'a secret of more than thirty-two characters', ownerKey: 'cal_key_x' }
const quiet = () => {}

const backUp = ({ source, archive, clock }: CopyScene, withoutSecrets = false) =>
  makeBackup(
    { database: source.database, blobs: source.watched, archive: archive.watched, clock },
    { secrets: SECRETS, withoutSecrets },
    quiet,
  )

const restore = ({ archive, target, secrets }: CopyScene) =>
  restoreBackup({ archive: archive.watched, database: target.database, blobs: target.watched, secrets }, quiet)

const contentsOf = ({ rows, blobs }: CopyScene['source']) => ({
  tables: Object.fromEntries(rows.tables),
  objects: blobs.keys().map(key => [key, blobs.bytes(key)?.toString()]),
})

const expectEqual = ({ source, target }: CopyScene) => expect(contentsOf(target)).toEqual(contentsOf(source))

describe('a backup', () => {
  it('restores to the same rows and objects, whatever they are', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 12 }), async pictures => {
        const scene = await createCopyScene(pictures)
        const made = await backUp(scene)
        expect(made).toMatchObject({ objects: { count: pictures.length }, rows: pictures.length + 1 })
        await restore(scene)
        expectEqual(scene)
        expect(scene.secrets.held).toEqual(SECRETS)
      }),
      { numRuns: 12 },
    )
  })

  it('copies only what is new the next time, and forgets what is gone', async () => {
    const scene = await createCopyScene()
    expect((await backUp(scene)).fresh.count).toBe(3)
    await scene.add('private/p/4', 'four')
    await scene.drop('uploads/2')
    expect(await backUp(scene)).toMatchObject({ fresh: { count: 1, bytes: 4 }, objects: { count: 3 } })
    const objects = scene.archive.blobs.keys().filter(key => key.startsWith('objects/'))
    expect(objects).toEqual(['objects/private/p/4', 'objects/uploads/1', 'objects/uploads/3'])
    await restore(scene)
    expectEqual(scene)
  })

  it('copies again what the archive has lost or holds with another size', async () => {
    const scene = await createCopyScene()
    await backUp(scene)
    const by = { projectId: '', purpose: 'care' as const }
    await scene.archive.blobs.remove(['objects/uploads/1'], by)
    expect((await backUp(scene)).fresh.count).toBe(1)
    await restore(scene)
    expectEqual(scene)
  })

  it('takes another moment when objects go while they are copied', async () => {
    const scene = await createCopyScene()
    const { source } = scene
    const read = source.blobs.read
    let gone = false
    // Purged by the running server, row and object, after the moment was taken.
    const purging = {
      ...source.watched,
      read: async (...words: Parameters<typeof read>) => {
        if (!gone) await scene.drop('uploads/3')
        gone = true
        return read(...words)
      },
    }
    const deps = { database: source.database, blobs: purging, archive: scene.archive.watched, clock: scene.clock }
    const made = await makeBackup(deps, { secrets: SECRETS, withoutSecrets: false }, quiet)
    expect(made).toMatchObject({ missing: { count: 0 }, objects: { count: 2 } })
    await restore(scene)
    expectEqual(scene)
  })

  it('tells of objects that storage has lost, and is made all the same', async () => {
    const scene = await createCopyScene()
    await scene.source.blobs.remove(['uploads/2'], { projectId: '', purpose: 'care' })
    expect((await backUp(scene)).missing).toEqual({ count: 1, keys: ['uploads/2'] })
    expect((await openBackup(scene.archive.blobs)).missing.keys).toEqual(['uploads/2'])
    await restore(scene)
    expectEqual(scene)
  })

  it('does not miss what is only awaited', async () => {
    const scene = await createCopyScene()
    scene.source.rows.objects.push({
      ...{ key: 'uploads/9', projectId: 'p', sizeBytes: null, sha256: null },
      ...{ contentType: 'image/png', required: false },
    })
    expect((await backUp(scene)).missing.count).toBe(0)
  })

  it('tells how far it is', async () => {
    const { source, archive, clock } = await createCopyScene()
    const told: CopyProgress[] = []
    const deps = { database: source.database, blobs: source.blobs, archive: archive.blobs, clock }
    await makeBackup(deps, { secrets: SECRETS, withoutSecrets: false }, progress => told.push(progress))
    expect(told.filter(({ step }) => step === 'objects').at(-1)).toEqual({
      ...{ step: 'objects', done: 3, total: 3, bytes: 11 },
    })
  })
})

describe('a backup that was broken off at any call', () => {
  it('is refused, unless an earlier one is whole; the next one is right', async () => {
    const faults = await everyFault({
      scene: createCopyScene,
      act: scene => backUp(scene),
      check: async scene => {
        const open = await openBackup(scene.archive.blobs).catch(error => error.code)
        if (typeof open === 'string') expect(['backup_unfinished', 'backup_not_found']).toContain(open)
        else await checkBackup(scene.archive.blobs, open, quiet)
        await backUp(scene)
        await restore(scene)
        expectEqual(scene)
        expect(scene.archive.blobs.keys().filter(key => key.includes('wanted'))).toEqual([])
      },
    })
    expect(faults).toBeGreaterThan(60)
  })

  it('leaves the earlier one whole', async () => {
    const before = new Map<CopyScene, unknown>()
    const faults = await everyFault({
      scene: async () => {
        const scene = await createCopyScene()
        await backUp(scene)
        before.set(scene, contentsOf(scene.source))
        await scene.add('public/p/4', 'four')
        await scene.drop('uploads/1')
        return scene
      },
      act: scene => backUp(scene),
      check: async scene => {
        await checkBackup(scene.archive.blobs, await openBackup(scene.archive.blobs), quiet)
        await restore(scene)
        expect([before.get(scene), contentsOf(scene.source)]).toContainEqual(contentsOf(scene.target))
      },
    })
    expect(faults).toBeGreaterThan(40)
  })
})
