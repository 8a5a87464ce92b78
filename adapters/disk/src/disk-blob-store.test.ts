import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { blobStoreContract } from '@calotype/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDiskBlobStore } from './disk-blob-store.ts'

const by = { projectId: 'project', purpose: 'original' as const }
const options = { maxBytes: 1e9, contentType: 'image/jpeg' }
const bodyOf = (text: string) => Readable.from([Buffer.from(text)])

blobStoreContract('disk', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'calotype-disk-'))
  return {
    blobs: createDiskBlobStore({ directory }),
    leftovers: () => readdir(join(directory, 'tmp')),
    close: () => rm(directory, { recursive: true }),
  }
})

describe('disk blob store', () => {
  let directory = ''
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'calotype-disk-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))
  const objects = () => readdir(join(directory, 'objects'), { recursive: true })

  it('reads no further ahead than it writes', async () => {
    const temporary = join(directory, 'tmp')
    const chunk = Buffer.alloc(64 * 1024, 7)
    const whole = 32 * 1024 * 1024
    let produced = 0
    let mostAhead = 0
    const body = new Readable({
      read() {
        const [name] = readdirSync(temporary)
        if (name) mostAhead = Math.max(mostAhead, produced - statSync(join(temporary, name)).size)
        produced += chunk.length
        this.push(produced > whole ? null : chunk)
      },
    })
    expect(await createDiskBlobStore({ directory }).put('uploads/a', body, options, by)).toMatchObject({
      sizeBytes: whole,
    })
    expect(mostAhead).toBeGreaterThan(0)
    expect(mostAhead).toBeLessThan(1024 * 1024)
  })

  it('shows an object only once it is whole', async () => {
    const blobs = createDiskBlobStore({ directory })
    const body = new PassThrough()
    const writing = blobs.put('uploads/a', body, options, by)
    body.write(Buffer.alloc(100_000))
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(await objects()).toEqual([])
    body.end()
    await writing
    expect(await objects()).toEqual(['uploads', 'uploads/a'])
  })

  it('keeps nothing visible of a write that was killed, and removes its remains later', async () => {
    const script = `
      import { Readable } from 'node:stream'
      import { createDiskBlobStore } from './src/disk-blob-store.ts'
      const body = new Readable({ read() { setTimeout(() => this.push(Buffer.alloc(65536)), 1) } })
      void createDiskBlobStore({ directory: process.argv[1] }).put('uploads/a', body, ${JSON.stringify(options)}, {})
      setTimeout(() => process.stdout.write('under way'), 100)`
    const cwd = join(import.meta.dirname, '..')
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, directory], { cwd })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await objects()).toEqual([])
    const blobs = createDiskBlobStore({ directory })
    expect(await readdir(join(directory, 'tmp'))).toHaveLength(1)
    expect(await blobs.removeStaleTemporaryFiles(new Date(Date.now() - 60_000))).toBe(0)
    expect(await blobs.removeStaleTemporaryFiles(new Date(Date.now() + 1_000))).toBe(1)
    expect(await readdir(join(directory, 'tmp'))).toEqual([])
  })

  it('tells old temporary files from those of writes under way', async () => {
    const blobs = createDiskBlobStore({ directory })
    for (const name of ['old', 'new']) await writeFile(join(directory, 'tmp', name), name)
    await utimes(join(directory, 'tmp', 'old'), new Date(0), new Date(0))
    expect(await blobs.removeStaleTemporaryFiles(new Date(Date.now() - 60_000))).toBe(1)
    expect(await readdir(join(directory, 'tmp'))).toEqual(['new'])
  })

  it('hands out objects as links that cannot be written through', async () => {
    const blobs = createDiskBlobStore({ directory })
    await blobs.put('uploads/a', bodyOf('bytes'), options, by)
    await writeFile(join(directory, 'rendered'), 'variant')
    await blobs.putFile('private/p/i/r/a.avif', join(directory, 'rendered'), 'image/avif', by)
    for (const key of ['uploads/a', 'private/p/i/r/a.avif']) {
      const target = join(directory, key.replaceAll('/', '-'))
      expect(await blobs.fetchToFile(key, target, by)).toBe(true)
      const [linked, stored] = [await stat(target), await stat(join(directory, 'objects', key))]
      expect(linked.ino).toBe(stored.ino)
      expect(linked.mode & 0o222).toBe(0)
    }
    await expect(blobs.fetchToFile('uploads/a', join(directory, 'uploads-a'), by)).rejects.toThrow(/EEXIST/)
  })

  it('leaves no empty folders behind', async () => {
    const blobs = createDiskBlobStore({ directory })
    const keys = ['private/p/i/r/a.avif', 'private/p/i/r/b.avif', 'private/p/j/r/a.avif']
    for (const key of keys) await blobs.put(key, bodyOf(key), options, by)
    await blobs.remove(keys.slice(0, 2), by)
    expect(await objects()).toContain('private/p/j/r/a.avif')
    expect(await objects()).not.toContain('private/p/i')
    await blobs.remove(keys, by)
    expect(await objects()).toEqual([])
  })

  it('names the objects that could not be removed, removes the others, and logs why', async () => {
    const logged: Record<string, unknown>[] = []
    const blobs = createDiskBlobStore({ directory, log: { warn: details => void logged.push(details) } })
    await blobs.put('uploads/a', bodyOf('a'), options, by)
    // Following a link that leads to itself fails for every user, like a disk that does.
    await symlink('loop', join(directory, 'objects', 'loop'))
    expect(await blobs.remove(['loop/a', 'uploads/a'], by)).toEqual(['loop/a'])
    expect(await objects()).toEqual(['loop'])
    expect(logged).toMatchObject([{ key: 'loop/a', error: { code: 'storage_unavailable', cause: { code: 'ELOOP' } } }])
  })

  it('says that the storage is unavailable when its directory is gone, and why', async () => {
    const blobs = createDiskBlobStore({ directory })
    await rm(directory, { recursive: true })
    const unavailable = { kind: 'storage', code: 'storage_unavailable', cause: { code: 'ENOENT' } }
    await expect(blobs.put('uploads/a', bodyOf('a'), options, by)).rejects.toMatchObject(unavailable)
    await expect(blobs.check()).rejects.toMatchObject(unavailable)
    expect(await blobs.head('uploads/a', by)).toBeNull()
  })

  it('takes no foreign file for an object', async () => {
    const blobs = createDiskBlobStore({ directory })
    await blobs.put('uploads/a', bodyOf('a'), options, by)
    await writeFile(join(directory, 'objects', 'uploads', 'Ümlaut copy'), 'x')
    const keys: string[] = []
    for await (const { key } of blobs.list('', by)) keys.push(key)
    expect(keys).toEqual(['uploads/a'])
  })
})
