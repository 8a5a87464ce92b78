import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, expect, it, vi } from 'vitest'
import { launch } from './launch.ts'

afterEach(() => vi.unstubAllEnvs())

it('gives an engine process nothing of the environment that could be a secret', async () => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-for-decoders')
  vi.stubEnv('DATABASE_URL', 'postgres://secret')
  const program = join(await mkdtemp(join(tmpdir(), 'calotype-launch-')), 'tell.mjs')
  await writeFile(program, 'process.send(Object.keys(process.env)); process.disconnect()')
  const [names] = await once(launch(pathToFileURL(program)), 'message')
  expect(names).toContain('MALLOC_ARENA_MAX')
  expect(names).not.toContain('AWS_SECRET_ACCESS_KEY')
  expect(names).not.toContain('DATABASE_URL')
})
