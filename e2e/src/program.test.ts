import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Image } from '@calotype/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, getImage, uploadReady } from './client.ts'
import { blobsOf, eventually, filesUnder, modeOf } from './disk.ts'
import { heavyJpeg } from './drawing/heavy-photo.ts'
import { freshJpeg } from './drawing/photo.ts'
import { childrenOf, isRunning } from './processes.ts'
import { create, idOf, offsetOf, patch, sendPart } from './resumable-client.ts'
import { makeDataDirectory, removeDataDirectory, runProgram, type Server, startServer } from './server.ts'
import { isLocal } from './target.ts'

/** What the server stores of a resumable upload before it counts. */
const PIECE_BYTES = 5 * 1024 * 1024

describe.skipIf(!isLocal)('the configuration', () => {
  it('is refused with every problem named at once, and no secret shown', async () => {
    const dataDirectory = await makeDataDirectory()
    const env = {
      PORT: '99999',
      PUBLIC_URL: 'ftp://example.org',
      CORS_ORIGINS: 'example.org',
      SECRET_KEY: 'too-short-secret',
      ENGINE_PROCESSES: 'many',
      LOG_LEVEL: 'loud',
      UPLOAD_URL_TTL: '1',
    }
    const { code, output } = await runProgram({ dataDirectory, env })
    expect(code).toBe(1)
    for (const name of Object.keys(env)) expect(output).toContain(name)
    expect(output).not.toContain('too-short-secret')
    expect(output).not.toMatch(/\bat .+\.ts:\d+/)
    expect(await filesUnder(dataDirectory)).toEqual([])
    await cleanUp(dataDirectory)
  })
})

// One data directory through starts, a stop and a kill: each step stands on the one before.
describe.skipIf(!isLocal)('the program', () => {
  let dataDirectory: string
  let server: Server
  let image: Image
  let children: number[]
  const readLink = () => readFile(path.join(dataDirectory, 'console-link'), 'utf8')
  const allGone = () =>
    eventually(
      async () => children.filter(isRunning),
      left => left.length === 0,
    )

  beforeAll(async () => {
    dataDirectory = await makeDataDirectory()
    server = await startServer({ dataDirectory })
    children = await childrenOf(server.pid)
  })
  afterAll(async () => {
    if (isRunning(server.pid)) await server.stop()
    await cleanUp(dataDirectory)
  })

  it('keeps its secrets to its owner', async () => {
    for (const name of ['owner.key', 'secret.key', 'console-link'])
      expect([name, await modeOf(path.join(dataDirectory, name))]).toEqual([name, 0o600])
    expect(await readFile(path.join(dataDirectory, 'owner.key'), 'utf8')).toMatch(/^\S{20,}\n$/)
  })

  it('refuses a data directory that another one serves, and leaves that one alone', async () => {
    const link = await readLink()
    const { code, output } = await runProgram({ dataDirectory, port: 0 })
    expect(code).toBe(1)
    expect(output).toMatch(/(already|another|in use)/i)
    expect(output).toContain(dataDirectory)
    expect(output).not.toMatch(/\bat .+\.ts:\d+/)
    expect(output.trim().split('\n').length).toBeLessThanOrEqual(4)
    expect(await readLink()).toBe(link)
    expect((await call(server, '/me')).status).toBe(200)
  })

  it('is proven by doctor while it runs, which finds another secret and leaves nothing behind', async () => {
    const blobs = await blobsOf(dataDirectory)
    const examine = async (env: Record<string, string>) => {
      const { code, output } = await runProgram({ dataDirectory, port: server.port, args: ['doctor', '--json'], env })
      const { checks }: { checks: { name: string; outcome: string }[] } = JSON.parse(output)
      const named = (outcome: string) => checks.filter(each => each.outcome === outcome).map(({ name }) => name)
      return { code, output, failed: named('failed'), proven: named('ok') }
    }
    const sound = await examine({})
    expect([sound.code, sound.failed]).toEqual([0, []])
    const own = ['database', 'schema', 'storage', 'server', 'clocks', 'upload URLs', 'CDN refuses unsigned', 'clean-up']
    expect(sound.proven).toEqual(expect.arrayContaining(own))
    const wrong = await examine({ SECRET_KEY: 'not what this server signs its addresses with' })
    expect([wrong.code, wrong.failed]).toEqual([1, ['upload URLs', 'CDN delivers signed']])
    expect(wrong.output).not.toContain('not what this server')
    expect(await blobsOf(dataDirectory)).toEqual(blobs)
  })

  it('keeps key and images over a stop, and makes a new console link', async () => {
    const { key } = server
    const link = await readLink()
    image = await uploadReady(server, await freshJpeg())
    expect(await server.stop()).toBe(0)
    await allGone()
    server = await startServer({ dataDirectory })
    expect(server.key).toBe(key)
    expect(await getImage(server, image.id)).toEqual(image)
    expect(await readLink()).not.toBe(link)
  })

  it('leaves no process behind when it is killed, and starts again at once', async () => {
    children = await childrenOf(server.pid)
    expect(children.length).toBeGreaterThanOrEqual(2)
    const bytes = await heavyJpeg(PIECE_BYTES + 1_000)
    const id = idOf(await create(server, bytes.length))
    sendPart(server, id, bytes.length, bytes.subarray(0, PIECE_BYTES + 500))
    await eventually(
      () => offsetOf(server, id),
      offset => offset === PIECE_BYTES,
      30_000,
    )
    await server.kill()
    server = await startServer({ dataDirectory })
    expect(await getImage(server, image.id)).toEqual(image)
    // What was stored of the upload counts, what was on its way does not.
    expect(await offsetOf(server, id)).toBe(PIECE_BYTES)
    expect((await patch(server, id, PIECE_BYTES, bytes.subarray(PIECE_BYTES))).status).toBe(204)
    expect(await getImage(server, id, '?wait=ready')).toMatchObject({ status: 'ready', size_bytes: bytes.length })
    expect((await uploadReady(server, await freshJpeg())).status).toBe('ready')
    await allGone()
  })
})

async function cleanUp(dataDirectory: string): Promise<void> {
  await removeDataDirectory(dataDirectory)
  await rm(`${dataDirectory}.log`, { force: true })
}
