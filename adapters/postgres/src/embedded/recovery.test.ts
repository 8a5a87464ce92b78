import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { isProcessAlive } from './is-process-alive.ts'
import { launcherCandidates } from './launcher.ts'
import { findPostgresProcesses } from './postgres-processes.ts'
import { startServerProcess } from './testing/server-process.ts'
import {
  ask,
  goneWithin,
  makeDataDirectory,
  removeFolder,
  startForTest,
  temporaryFolder,
} from './testing/test-setup.ts'

const withParentDeathSignal = launcherCandidates().filter(candidate => candidate.prefix.includes('--pdeathsig'))

let dataDirectory = ''
beforeAll(async () => {
  dataDirectory = await makeDataDirectory()
})
afterAll(() => removeFolder(dataDirectory))

it.runIf(process.platform === 'linux')(
  'every way to run PostgreSQL makes it go when the server is killed',
  async () => {
    expect(withParentDeathSignal.length).toBeGreaterThan(0)
    for (const { name } of withParentDeathSignal) {
      const server = startServerProcess(dataDirectory, name)
      const url = await server.ready
      expect(await ask(url, 'select 1'), name).toBe(1)
      await server.kill()
      expect(await goneWithin(join(dataDirectory, 'postgres'), 10_000), name).toBe(true)
    }
  },
)

it('survives a ctrl-C for the group of the server; after kill -9 an immediate start finds what was committed', async () => {
  const server = startServerProcess(dataDirectory)
  const url = await server.ready
  process.kill(-server.pid, 'SIGINT')
  await sleep(300)
  await ask(url, `create table note as select 'kept' as text`)
  await server.kill()
  const next = await startForTest(dataDirectory)
  expect(await ask(next.connectionString, 'select text from note')).toBe('kept')
})

it('interrupts an orphan that nothing told of the death of its server', async () => {
  const [usual] = launcherCandidates()
  const prefix = (usual?.prefix.join(' ') ?? '').replace(/setpriv --pdeathsig INT --$/, '')
  const deaf = { ...usual, name: 'deaf', prefix: prefix.split(' ').filter(word => word !== '') }
  const server = startServerProcess(dataDirectory, JSON.stringify(deaf))
  const url = await server.ready
  await ask(url, `create table deaf as select 'kept' as text`)
  await server.kill()
  expect(await goneWithin(join(dataDirectory, 'postgres'), 500)).toBe(false)
  const next = await startForTest(dataDirectory)
  expect(await ask(next.connectionString, 'select text from deaf')).toBe('kept')
})

it('neither a pid file nor a socket lock that names a stranger hinders the start or hurts the stranger', async () => {
  const cluster = join(dataDirectory, 'postgres')
  const first = await startForTest(dataDirectory)
  const pidFile = await readFile(join(cluster, 'postmaster.pid'), 'utf8')
  await first.stop()
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore' })
  onTestFinished(() => void stranger.kill('SIGKILL'))
  const stale = pidFile.replace(/^\d+/, String(stranger.pid))
  await writeFile(join(cluster, 'postmaster.pid'), stale, { mode: 0o600 })
  await mkdir(join(dataDirectory, 'postgres-socket'))
  await writeFile(join(dataDirectory, 'postgres-socket', '.s.PGSQL.5432.lock'), stale)
  await writeFile(join(dataDirectory, 'postgres-socket', '.s.PGSQL.5432'), '')

  const second = await startForTest(dataDirectory)
  expect(await ask(second.connectionString, 'select 1')).toBe(1)
  expect(isProcessAlive(stranger.pid ?? 0) && stranger.exitCode === null && stranger.signalCode === null).toBe(true)
})

it('a kill during initdb leaves nothing that breaks the next start', async () => {
  const dataDirectory = await realpath(await temporaryFolder())
  const server = startServerProcess(dataDirectory)
  while (!(await readdir(dataDirectory)).some(name => name.startsWith('postgres.new-'))) await sleep(5)
  await sleep(300)
  await server.kill()
  expect(existsSync(join(dataDirectory, 'postgres'))).toBe(false)
  const next = await startForTest(dataDirectory)
  expect(await ask(next.connectionString, 'select 1')).toBe(1)
  expect((await readdir(dataDirectory)).filter(name => name.includes('.new-'))).toEqual([])
  await next.stop()
  expect(await findPostgresProcesses(join(dataDirectory, 'postgres'))).toEqual([])
})
