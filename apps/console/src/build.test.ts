import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isConsoleStale, swapIn } from '../build.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-build-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function staging(name: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(path)
  await writeFile(join(path, 'a.txt'), name)
  await writeFile(join(path, 'b.txt'), name)
  return path
}

test('a build takes the place of the old one as a whole, also when several do it at once', async () => {
  const target = join(folder, 'dist')
  const builds = await Promise.all(['one', 'two', 'three', 'four'].map(staging))
  await Promise.all(builds.map(build => swapIn(build, target)))
  const files = await Promise.all(['a.txt', 'b.txt'].map(file => readFile(join(target, file), 'utf8')))
  expect(files[0]).toBe(files[1])
  expect(await readdir(folder)).toEqual(['dist'])
})

test('no build, and a build from other sources, are stale', async () => {
  expect(await isConsoleStale(join(folder, 'dist'))).toBe(true)
  await writeFile(join(folder, '.built-from'), 'something else')
  expect(await isConsoleStale(folder)).toBe(true)
})
