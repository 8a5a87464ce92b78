import { rm } from 'node:fs/promises'
import { afterAll, beforeAll } from 'vitest'
import { makeDataDirectory, removeDataDirectory, type Server, startServer } from './server.ts'

const { E2E_URL, E2E_KEY } = process.env

/** Whether the tests start the program themselves. Against `E2E_URL` (with `E2E_KEY`) nothing can be said about its disk and its log. */
export const isLocal = E2E_URL === undefined

/** The deployment under test. */
export interface Target {
  url: string
  key: string
  /** The program itself where it runs here. Throws for a foreign deployment. */
  local(): Server
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
  }
}
