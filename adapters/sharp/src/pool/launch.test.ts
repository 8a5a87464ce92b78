import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { findIsolation } from './isolation.ts'
import { launch } from './launch.ts'

afterEach(() => vi.unstubAllEnvs())

/** What a program says first when it is launched as an engine process. */
const firstMessageOf = async (source: string): Promise<unknown> => {
  const folder = await mkdtemp(join(tmpdir(), 'calotype-launch-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const program = join(folder, 'tell.mjs')
  await writeFile(program, source)
  const child = launch(pathToFileURL(program))
  const [message] = await once(child, 'message')
  child.disconnect()
  return message
}

it('gives an engine process nothing of the environment that could be a secret', async () => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-for-decoders')
  vi.stubEnv('DATABASE_URL', 'postgres://secret')
  const names = await firstMessageOf('process.send(Object.keys(process.env))')
  expect(names).toContain('MALLOC_ARENA_MAX')
  expect(names).not.toContain('AWS_SECRET_ACCESS_KEY')
  expect(names).not.toContain('DATABASE_URL')
})

it.runIf(findIsolation().kind === 'namespace')('gives an engine process no network and no privilege', async () => {
  const server = createServer(socket => socket.end()).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  expect(
    await firstMessageOf(`
      import { connect } from 'node:net'
      import { readFileSync } from 'node:fs'
      const socket = connect(${address.port}, '127.0.0.1')
      const tell = reached => process.send({
        reached,
        uid: process.getuid(),
        capabilities: /CapEff:\\s*(\\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1],
      })
      socket.on('connect', () => tell('connected')).on('error', error => tell(error.code))
    `),
  ).toEqual({ reached: 'ENETUNREACH', uid: 65534, capabilities: '0000000000000000' })
})
