import { rm } from 'node:fs/promises'
import { afterAll, beforeAll } from 'vitest'
import { z } from 'zod'
import { blobsOf } from './disk.ts'
import { makeDataDirectory, removeDataDirectory, type Server, startServer } from './server.ts'

const { E2E_URL, E2E_KEY, E2E_INSIDE } = process.env

/** Whether the tests start the program themselves, and not judge another deployment at `E2E_URL` (with `E2E_KEY`). */
export const isLocal = E2E_URL === undefined

/** Whether its storage and its log can be seen; another deployment on this machine shows them at `E2E_INSIDE`: `/objects` and `/log`. */
export const isOpen = isLocal || E2E_INSIDE !== undefined

/** The deployment under test. */
export interface Target {
  url: string
  key: string
  /** The program itself where it runs here. Throws for a foreign deployment. */
  local(): Server
  /** What is in storage, finished or not; by keys, or by paths that end in them. Needs `isOpen`. */
  objects(): Promise<string[]>
  /** Everything that was logged so far. Needs `isOpen`. */
  log(): Promise<string>
}

/** One target for all tests of a file: started before the first of them, stopped after the last. */
export function useTarget(env: Record<string, string> = {}): Target {
  let server: Server | null = null
  beforeAll(async () => {
    if (isLocal)
      server = await startServer({
        dataDirectory: await makeDataDirectory(),
        env: { UPLOAD_URLS_PER_MINUTE: '10000', ...env },
      })
    else if (!E2E_KEY) throw new Error('E2E_URL needs E2E_KEY beside it')
  })
  afterAll(async () => {
    if (!server) return
    await server.stop()
    await removeDataDirectory(server.dataDirectory)
    await rm(`${server.dataDirectory}.log`, { force: true })
  })
  const local = () => {
    if (!server) throw new Error('This needs the program to run here')
    return server
  }
  return {
    get url() {
      return E2E_URL?.replace(/\/+$/, '') ?? local().url
    },
    get key() {
      return E2E_KEY ?? local().key
    },
    local,
    objects: async () =>
      isLocal
        ? blobsOf(local().dataDirectory)
        : z.array(z.string()).parse(await look('objects').then(answer => answer.json())),
    log: async () => (isLocal ? local().output() : (await look('log')).text()),
  }
}

async function look(what: 'objects' | 'log'): Promise<Response> {
  const answer = await fetch(`${E2E_INSIDE}/${what}`)
  if (!answer.ok) throw new Error(`${what}: ${answer.status}`)
  return answer
}
