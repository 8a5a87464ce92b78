import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { call, getImage, uploadReady } from './client.ts'
import { eventually, filesUnder, modeOf } from './disk.ts'
import { freshJpeg } from './drawing/photo.ts'
import { childrenOf, isRunning } from './processes.ts'
import { makeDataDirectory, removeDataDirectory, runProgram, type Server, startServer } from './server.ts'
import { isLocal } from './target.ts'

describe.skipIf(!isLocal)('the program', () => {
  let server: Server | null = null
  let dataDirectory = ''
  const start = async (env: Record<string, string> = {}) => {
    dataDirectory ||= await makeDataDirectory()
    server = await startServer({ dataDirectory, env })
    return server
  }
  afterEach(async () => {
    if (server && isRunning(server.pid)) await server.stop()
    if (dataDirectory) await removeDataDirectory(dataDirectory)
    await rm(`${dataDirectory}.log`, { force: true })
    server = null
    dataDirectory = ''
  })

  it('names every problem of its configuration at once, and shows no secret', async () => {
    dataDirectory = await makeDataDirectory()
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
  })

  it('keeps its secrets to its owner', async () => {
    await start()
    for (const name of ['owner.key', 'secret.key', 'console-link'])
      expect([name, await modeOf(path.join(dataDirectory, name))]).toEqual([name, 0o600])
    expect(await readFile(path.join(dataDirectory, 'owner.key'), 'utf8')).toMatch(/^\S{20,}\n$/)
  })

  it('refuses a data directory that another one serves, and leaves that one alone', async () => {
    const first = await start()
    const { code, output } = await runProgram({ dataDirectory, port: 0 })
    expect(code).toBe(1)
    // The second one writes to the same log: what it says is one clear line with the directory, no stack.
    expect(output).toMatch(/(already|another|in use)/i)
    expect(output).toContain(dataDirectory)
    expect(output).not.toMatch(/\bat .+\.ts:\d+/)
    expect((await call(first, '/me')).status).toBe(200)
  })

  it('keeps key and images over a stop, and makes a new console link', async () => {
    const first = await start()
    const link = await readFile(path.join(dataDirectory, 'console-link'), 'utf8')
    const image = await uploadReady(first, await freshJpeg())
    const children = await childrenOf(first.pid)
    expect(await first.stop()).toBe(0)
    await eventually(
      async () => children.filter(isRunning),
      left => left.length === 0,
    )

    const second = await start()
    expect(second.key).toBe(first.key)
    expect(await getImage(second, image.id)).toEqual(image)
    expect(await readFile(path.join(dataDirectory, 'console-link'), 'utf8')).not.toBe(link)
  })

  it('leaves no process behind when it is killed, and starts again at once', async () => {
    const first = await start()
    const image = await uploadReady(first, await freshJpeg())
    const children = await childrenOf(first.pid)
    expect(children.length).toBeGreaterThanOrEqual(2)
    await first.kill()
    const second = await start()
    expect(await getImage(second, image.id)).toEqual(image)
    expect((await uploadReady(second, await freshJpeg())).status).toBe('ready')
    await eventually(
      async () => children.filter(isRunning),
      left => left.length === 0,
    )
  })
})
