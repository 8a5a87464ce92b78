import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Image } from '@calotype/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, getImage, uploadReady } from './client.ts'
import { filesUnder, modeOf } from './disk.ts'
import { freshJpeg } from './drawing/photo.ts'
import { isRunning } from './processes.ts'
import { makeDataDirectory, removeDataDirectory, runProgram, type Server, startServer } from './server.ts'
import { isLocal } from './target.ts'

// One installation through its backup into another directory: each step stands on the one before.
describe.skipIf(!isLocal)('backup and restore', () => {
  let server: Server
  let source: string
  let place: string
  let restored: string
  let image: Image
  let late: Image
  let bytes: Buffer
  const run = (dataDirectory: string, ...args: string[]) => runProgram({ dataDirectory, args })

  beforeAll(async () => {
    ;[place, restored] = [await makeDataDirectory(), await makeDataDirectory()]
    source = await makeDataDirectory()
    server = await startServer({ dataDirectory: source })
  })
  afterAll(async () => {
    if (isRunning(server.pid)) await server.stop()
    for (const directory of [source, place, restored]) {
      await removeDataDirectory(directory)
      await rm(`${directory}.log`, { force: true })
    }
  })

  it('saves a running installation', async () => {
    image = await uploadReady(server, await freshJpeg())
    const saved = await run(server.dataDirectory, 'backup', '--to', place)
    expect(saved).toMatchObject({ code: 0, output: expect.stringContaining('7 objects') })
    for (const file of await filesUnder(place))
      if (!file.startsWith('calotype.lock')) expect([file, await modeOf(path.join(place, file))]).toEqual([file, 0o600])
    bytes = Buffer.from(await (await call(server, `/images/${image.id}/file?format=webp`)).arrayBuffer())
    late = await uploadReady(server, await freshJpeg())
    expect(await server.stop()).toBe(0)
  })

  it('serves it from another directory, as it was', async () => {
    expect(await run(restored, 'restore', '--from', place)).toMatchObject({ code: 0 })
    server = await startServer({ dataDirectory: restored })
    const answer = await call(server, `/images/${image.id}/file?format=webp`)
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
    // The secret came along, so that the key, and what was signed, are the same.
    expect({ ...(await getImage(server, image.id)), links: null }).toEqual({ ...image, links: null })
    expect((await call(server, `/images/${late.id}`)).status).toBe(404)
    expect((await uploadReady(server, await freshJpeg())).status).toBe('ready')
  })

  it('refuses to restore over an installation', async () => {
    await server.stop()
    const over = await run(restored, 'restore', '--from', place)
    expect(over).toMatchObject({ code: 1, output: expect.stringContaining('in use: it has rows') })
  })
})
