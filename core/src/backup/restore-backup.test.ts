import { Readable } from 'node:stream'
import { beforeEach, describe, expect, it } from 'vitest'
import { type CopyScene, createCopyScene, everyFault, KNOWN_SCHEMA } from '../testing/index.ts'
import { checkBackup } from './check-backup.ts'
import { makeBackup } from './make-backup.ts'
import { openBackup } from './manifest.ts'
import { restoreBackup } from './restore-backup.ts'

const SECRETS = { secretKey: 'a secret of more than thirty-two characters', ownerKey: 'cal_key_x' }
const OTHERS = { ...SECRETS, secretKey: 'another secret of more than thirty-two' }
const BY = { projectId: '', purpose: 'care' as const }
const quiet = () => {}

const backUp = ({ source, archive, clock }: CopyScene, withoutSecrets = false) =>
  makeBackup(
    { database: source.database, blobs: source.blobs, archive: archive.blobs, clock },
    { secrets: SECRETS, withoutSecrets },
    quiet,
  )

const restore = ({ archive, target, secrets }: CopyScene) =>
  restoreBackup({ archive: archive.watched, database: target.database, blobs: target.watched, secrets }, quiet)

const contentsOf = ({ rows, blobs }: CopyScene['source']) => ({
  tables: Object.fromEntries(rows.tables),
  objects: blobs.keys().map(key => [key, blobs.bytes(key)?.toString()]),
})
const EMPTY = { tables: {}, objects: [] }

const put = (blobs: CopyScene['archive']['blobs'], key: string, bytes: Buffer) =>
  blobs.put(key, Readable.from([bytes]), { maxBytes: 1e9, contentType: '' }, BY)

describe('a restore', () => {
  let scene: CopyScene
  beforeEach(async () => {
    scene = await createCopyScene()
    await backUp(scene)
  })

  it('refuses a backup with any byte changed, names the file, and has written nothing', async () => {
    const { blobs } = scene.archive
    for (const key of blobs.keys()) {
      const sound = blobs.bytes(key) ?? Buffer.alloc(0)
      for (let at = 0; at < sound.length; at += 3) {
        const damaged = Buffer.from(sound)
        damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8))
        await put(blobs, key, damaged)
        await expect(restore(scene)).rejects.toMatchObject({ code: 'backup_damaged', details: { reason: key } })
        expect(contentsOf(scene.target)).toEqual(EMPTY)
      }
      await put(blobs, key, sound)
    }
    await restore(scene)
  })

  it('refuses a backup without one of its files', async () => {
    const { blobs } = scene.archive
    for (const key of blobs.keys().filter(each => each !== 'backup.json')) {
      const sound = blobs.bytes(key) ?? Buffer.alloc(0)
      await blobs.remove([key], BY)
      await expect(restore(scene)).rejects.toMatchObject({ code: 'backup_damaged', details: { reason: key } })
      await put(blobs, key, sound)
    }
  })

  it('refuses a place without a backup, and one that was never finished', async () => {
    await scene.archive.blobs.remove(['backup.json'], BY)
    await expect(restore(scene)).rejects.toMatchObject({ code: 'backup_unfinished' })
    await scene.archive.blobs.remove(scene.archive.blobs.keys(), BY)
    await expect(restore(scene)).rejects.toMatchObject({ code: 'backup_not_found' })
  })

  it('refuses an installation that has rows or objects of its own', async () => {
    await put(scene.target.blobs, 'uploads/7', Buffer.from('mine'))
    await expect(restore(scene)).rejects.toMatchObject({ code: 'installation_not_empty' })
    await scene.target.blobs.remove(['uploads/7'], BY)
    scene.target.rows.tables.set('organizations', ['mine'])
    await expect(restore(scene)).rejects.toMatchObject({ code: 'installation_not_empty' })
    expect(scene.target.blobs.keys()).toEqual([])
  })

  it('brings an older schema up to date, and refuses a newer one', async () => {
    scene.source.rows.schema = [1, 2]
    await backUp(scene)
    await restore(scene)
    expect(scene.target.rows.schema).toEqual(KNOWN_SCHEMA)
    const newer = await createCopyScene()
    newer.source.rows.schema = [...KNOWN_SCHEMA, 4]
    await backUp(newer)
    await expect(restore(newer)).rejects.toMatchObject({ code: 'backup_too_new', details: { actual: 4, limit: 3 } })
    expect(contentsOf(newer.target)).toEqual(EMPTY)
  })

  it('refuses a target with another secret', async () => {
    await scene.secrets.write(OTHERS)
    await expect(restore(scene)).rejects.toMatchObject({ code: 'secret_differs' })
    await scene.secrets.write(SECRETS)
    await restore(scene)
  })

  it('takes a backup without secrets only where the secret is', async () => {
    await backUp(scene, true)
    expect(JSON.stringify(scene.archive.blobs.keys())).not.toContain('secrets')
    await expect(restore(scene)).rejects.toMatchObject({ code: 'secret_differs' })
    await scene.secrets.write(SECRETS)
    await restore(scene)
    expect(contentsOf(scene.target)).toEqual(contentsOf(scene.source))
  })
})

it('a restore that was broken off at any call is done by the next one', async () => {
  const faults = await everyFault({
    scene: async () => {
      const scene = await createCopyScene()
      await backUp(scene)
      return scene
    },
    act: restore,
    check: async scene => {
      // Either all rows are there or none.
      const refused = await restore(scene).then(
        () => null,
        error => error.code,
      )
      expect([null, 'installation_not_empty']).toContain(refused)
      expect(contentsOf(scene.target)).toEqual(contentsOf(scene.source))
      expect(scene.secrets.held).toEqual(SECRETS)
    },
  })
  expect(faults).toBeGreaterThan(60)
})

it('a check reads everything', async () => {
  const scene = await createCopyScene()
  await backUp(scene)
  const steps: number[] = []
  await checkBackup(scene.archive.blobs, await openBackup(scene.archive.blobs), ({ done }) => steps.push(done))
  expect(steps.at(-1)).toBe(3)
})
