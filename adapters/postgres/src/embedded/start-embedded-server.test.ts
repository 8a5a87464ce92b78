import { chmod, chown, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DataDirectoryInUse, type EmbeddedServerError, startEmbeddedServer } from './index.ts'
import { launcherCandidates } from './launcher.ts'
import { findPostgresPackage } from './postgres-package.ts'
import { readPostmasterPid } from './postgres-processes.ts'
import { startWithParts } from './start-embedded-server.ts'
import {
  ask,
  goneWithin,
  isRoot,
  makeDataDirectory,
  removeFolder,
  startForTest,
  temporaryFolder,
} from './testing/test-setup.ts'

let shared = ''
beforeAll(async () => {
  shared = await makeDataDirectory()
})
afterAll(() => removeFolder(shared))

// The temporary folder is a closed home (0700) of whoever runs this.
it('starts fresh under a closed home, answers only on its private socket, durable, and keeps its data over a restart', async () => {
  const dataDirectory = join(await temporaryFolder(), 'data')
  const server = await startForTest(dataDirectory)
  const url = server.connectionString
  await ask(url, `create table note as select 'Grüße' as text`)
  expect(await ask(url, 'select current_database()')).toBe('calotype')
  expect(await ask(url, 'show listen_addresses')).toBe('')
  expect(await ask(url, 'show fsync')).toBe('on')
  expect(await ask(url, 'show synchronous_commit')).toBe('on')
  expect(await ask(url, `select datlocprovider::text || datlocale from pg_database where datname = 'calotype'`)).toBe(
    'bC.UTF-8',
  )
  expect((await stat(server.socketDirectory)).mode & 0o777).toBe(0o700)
  await expect(startEmbeddedServer({ dataDirectory, log: () => {} })).rejects.toBeInstanceOf(DataDirectoryInUse)
  expect(await ask(url, 'select 1')).toBe(1)

  await server.stop()
  const again = await startForTest(dataDirectory)
  expect(await ask(again.connectionString, 'select text from note')).toBe('Grüße')
  expect(await readFile(join(dataDirectory, 'postgres.log'), 'utf8')).toContain('ready to accept connections')
})

it('serves data directories with long paths, spaces and other alphabets', async () => {
  const folder = await realpath(await temporaryFolder())
  const long = join(folder, 'Fotos, "Größe" 写真', 'x'.repeat(120))
  await mkdir(join(folder, 'Fotos, "Größe" 写真'))
  await rename(shared, long)
  const server = await startForTest(long)
  expect(server.socketDirectory.startsWith(folder)).toBe(false)
  expect((await stat(server.socketDirectory)).mode & 0o777).toBe(0o700)
  expect(await ask(server.connectionString, 'select 1')).toBe(1)
  await server.stop()
  await expect(stat(server.socketDirectory)).rejects.toThrow('ENOENT')

  const odd = join(folder, 'a, "b" 写真')
  await rename(long, odd)
  const second = await startForTest(odd)
  expect(second.socketDirectory).toBe(join(odd, 'postgres-socket'))
  expect(await ask(second.connectionString, 'select 1')).toBe(1)
  await second.stop()
  await rename(odd, shared)
})

it('tells when PostgreSQL dies, quotes it when it cannot start, and starts again when that is mended', async () => {
  const dataDirectory = shared
  const cluster = join(dataDirectory, 'postgres')
  const server = await startForTest(dataDirectory)
  const postmaster = await readPostmasterPid(cluster)
  if (postmaster === undefined) throw new Error('There is no postmaster.pid')
  process.kill(postmaster, 'SIGKILL')
  await server.exited
  await server.stop()

  const file = join(cluster, 'postgresql.conf')
  const config = await readFile(file, 'utf8')
  await writeFile(file, `${config}\nnonsense = 1\n`)
  const failure: EmbeddedServerError = await startEmbeddedServer({ dataDirectory, log: () => {} }).catch(e => e)
  expect(failure.code).toBe('embedded_postgres_did_not_start')
  expect(failure.message).toContain('unrecognized configuration parameter "nonsense"')

  await writeFile(file, config)
  const mended = await startForTest(dataDirectory)
  expect(await ask(mended.connectionString, 'select 1')).toBe(1)
  await mended.stop()
  expect(await goneWithin(cluster, 0)).toBe(true)

  const version = await readFile(join(cluster, 'PG_VERSION'))
  await writeFile(join(cluster, 'PG_VERSION'), '15\n')
  const refusal: EmbeddedServerError = await startEmbeddedServer({ dataDirectory, log: () => {} }).catch(e => e)
  expect(refusal.code).toBe('data_directory_other_version')
  expect(refusal.message).toContain('made by PostgreSQL 15')
  await writeFile(join(cluster, 'PG_VERSION'), version)
})

it('leaves a folder alone that is no PostgreSQL directory', async () => {
  const dataDirectory = await temporaryFolder()
  await mkdir(join(dataDirectory, 'postgres'))
  await writeFile(join(dataDirectory, 'postgres', 'thesis.txt'), 'only copy')
  const refusal: EmbeddedServerError = await startEmbeddedServer({ dataDirectory, log: () => {} }).catch(e => e)
  expect(refusal.code).toBe('data_directory_not_usable')
  expect(await readFile(join(dataDirectory, 'postgres', 'thesis.txt'), 'utf8')).toBe('only copy')
})

it.runIf(isRoot)('works as root under a home that only another user may enter', async () => {
  const home = join(await temporaryFolder(), 'home')
  await mkdir(home)
  await chown(home, 1234, 1234)
  await chmod(home, 0o700)
  const server = await startForTest(join(home, 'calotype', 'data'))
  expect(await ask(server.connectionString, 'select 1')).toBe(1)
})

it.runIf(isRoot)('changes the owner of the files when another way to run has to be taken', async () => {
  const dataDirectory = shared
  const owners: number[] = []
  for (const name of ['unshare', 'setpriv with dac_override', 'unshare']) {
    const launchers = launcherCandidates().filter(candidate => candidate.name === name)
    const parts = { packageFolder: findPostgresPackage(), launchers }
    const server = await startWithParts({ dataDirectory, log: () => {} }, parts)
    await ask(server.connectionString, 'create table if not exists note (text text)')
    await server.stop()
    owners.push((await stat(join(dataDirectory, 'postgres', 'base'))).uid)
  }
  expect(owners).toEqual([0, 65_534, 0])
})
