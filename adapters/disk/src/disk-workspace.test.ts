import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDiskWorkspace } from './disk-workspace.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'calotype-work-'))
})
afterEach(() => rm(directory, { recursive: true }))

it('gives work a directory and removes it, however the work ends', async () => {
  const workspace = createDiskWorkspace({ directory: join(directory, 'work') })
  const answer = await workspace.use(async work => {
    await writeFile(work.path('original'), 'hello')
    await writeFile(join(await work.makeDirectory('variants'), 'a'), 'a')
    return work.hash('original')
  })
  const sha256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
  expect(answer).toEqual({ sizeBytes: 5, sha256 })
  const failing = workspace.use(async work => {
    await writeFile(work.path('original'), 'hello')
    throw new Error('stop')
  })
  await expect(failing).rejects.toThrow('stop')
  expect(await readdir(join(directory, 'work'))).toEqual([])
})

it.each(['../up', 'a/b', '..', '.', '', 'nul\0'])('refuses %j as the name of a file', async name => {
  const workspace = createDiskWorkspace({ directory })
  await expect(workspace.use(async work => work.path(name))).rejects.toThrow()
})

it('removes what killed work left, and leaves the work under way alone', async () => {
  await createDiskWorkspace({ directory }).use(async () => {
    const next = createDiskWorkspace({ directory })
    await next.use(async work => {
      await writeFile(work.path('mine'), 'x')
      await next.removeAbandoned()
      expect(await readdir(directory)).toHaveLength(1)
      await expect(work.hash('mine')).resolves.toMatchObject({ sizeBytes: 1 })
    })
  })
})
