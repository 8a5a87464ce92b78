import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Image } from '@calotype/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, getImage, uploadReady } from './client.ts'
import { eventually, filesUnder, modeOf } from './disk.ts'
import { freshJpeg } from './drawing/photo.ts'
import { childrenOf, isRunning } from './processes.ts'
import { makeDataDirectory, removeDataDirectory, runProgram, type Server, startServer } from './server.ts'
import { isLocal } from './target.ts'

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
    await server.kill()
    server = await startServer({ dataDirectory })
    expect(await getImage(server, image.id)).toEqual(image)
    expect((await uploadReady(server, await freshJpeg())).status).toBe('ready')
    await allGone()
  })
})

async function cleanUp(dataDirectory: string): Promise<void> {
  await removeDataDirectory(dataDirectory)
  await rm(`${dataDirectory}.log`, { force: true })
}
