import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Workspace } from '../workspace.ts'

/** Work directories in the system's temporary directory. */
export const createTemporaryWorkspace = (): Workspace => ({
  use: async work => {
    const root = await mkdtemp(join(tmpdir(), 'calotype-test-'))
    const path = (name: string) => join(root, name)
    try {
      return await work({
        path,
        makeDirectory: async name => {
          await mkdir(path(name))
          return path(name)
        },
        hash: async name => {
          const bytes = await readFile(path(name))
          return { sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
        },
      })
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  },
})
