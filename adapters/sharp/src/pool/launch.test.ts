import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { launch } from './launch.ts'

afterEach(() => vi.unstubAllEnvs())

it('gives an engine process nothing of the environment that could be a secret', async () => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-for-decoders')
  vi.stubEnv('DATABASE_URL', 'postgres://secret')
  const folder = await mkdtemp(join(tmpdir(), 'calotype-launch-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const program = join(folder, 'tell.mjs')
  await writeFile(program, 'process.send(Object.keys(process.env)); process.disconnect()')
  const [names] = await once(launch(pathToFileURL(program)), 'message')
  expect(names).toContain('MALLOC_ARENA_MAX')
  expect(names).not.toContain('AWS_SECRET_ACCESS_KEY')
  expect(names).not.toContain('DATABASE_URL')
})
