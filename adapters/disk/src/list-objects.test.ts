import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { listObjects } from './list-objects.ts'

async function makeTree(keys: readonly string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'calotype-list-'))
  for (const key of keys) {
    await mkdir(dirname(join(root, key)), { recursive: true })
    await writeFile(join(root, key), key)
  }
  return root
}

const name = fc.stringMatching(/^[a-cA0.-]{1,2}$/).filter(text => text !== '.' && text !== '..')
const keysOfTree = fc
  .uniqueArray(
    fc.array(name, { minLength: 1, maxLength: 3 }).map(names => names.join('/')),
    { maxLength: 25 },
  )
  // On a disk, no object lies under another one.
  .map(keys => keys.filter(key => !keys.some(other => other.startsWith(`${key}/`))))

it('lists any tree in byte order, however few names it keeps in memory', async () => {
  await fc.assert(
    fc.asyncProperty(keysOfTree, fc.integer({ min: 1, max: 5 }), fc.nat(3), async (keys, namesPerPass, length) => {
      const root = await makeTree(keys)
      try {
        const prefix = (keys[0] ?? '').slice(0, length)
        const listed: string[] = []
        for await (const info of listObjects(root, prefix, namesPerPass)) {
          expect(info.sizeBytes).toBe(info.key.length)
          listed.push(info.key)
        }
        expect(listed).toEqual(keys.filter(key => key.startsWith(prefix)).sort())
      } finally {
        await rm(root, { recursive: true })
      }
    }),
    { numRuns: 60 },
  )
})
