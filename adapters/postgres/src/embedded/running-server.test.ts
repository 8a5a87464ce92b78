import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findRunningServer } from './running-server.ts'

/** More than any system gives out. */
const NO_PID = 2 ** 31 - 2

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'calotype-running-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const write = (pid: number, socket: string) =>
  writeFile(
    join(directory, 'postgres', 'postmaster.pid'),
    [pid, '/data', 1_700_000_000, 5432, socket, '', ''].join('\n'),
  )

it('finds the socket of a PostgreSQL that lives, and nothing where none does', async () => {
  expect(await findRunningServer(directory)).toBeNull()
  await mkdir(join(directory, 'postgres'))
  await write(NO_PID, '/run/socket')
  expect(await findRunningServer(directory)).toBeNull()
  await write(process.pid, '/run/socket')
  expect(await findRunningServer(directory)).toMatchObject({ host: '/run/socket', port: 5432 })
  await write(process.pid, '')
  expect(await findRunningServer(directory)).toBeNull()
})
