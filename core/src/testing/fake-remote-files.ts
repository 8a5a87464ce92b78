import { Readable } from 'node:stream'
import { importFailed, importRefused, type RemoteFiles } from '../net/index.ts'

export interface FakeRemoteFiles extends RemoteFiles {
  /** What lies at which URL: bytes, or the error that comes of it; a list gives one of them for each call. */
  files: Map<string, Buffer | Error | Array<Buffer | Error>>
  /** URLs as they were asked for. */
  opened: string[]
  /** What the next files announce as their length; null for nothing. */
  announced: number | null
}

/** The files of a network that holds nothing but what it was told. */
export function createFakeRemoteFiles(): FakeRemoteFiles {
  const fake: FakeRemoteFiles = {
    files: new Map(),
    opened: [],
    announced: null,
    check: url => {
      if (!/^https?:/.test(url)) throw importRefused('only http and https are')
      return url
    },
    open: async url => {
      fake.opened.push(url)
      const known = fake.files.get(url)
      const found = Array.isArray(known) ? known.shift() : known
      if (found === undefined) throw importFailed('the server answered 404')
      if (found instanceof Error) throw found
      return { body: Readable.from([found]), sizeBytes: fake.announced }
    },
  }
  return fake
}
