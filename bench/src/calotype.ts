import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

const START_LIMIT_MS = 60_000
const REPOSITORY = path.resolve(import.meta.dirname, '../..')

/** A server under measurement: the program as `npm start` runs it, on a data directory and a port of its own. */
export interface Calotype {
  url: string
  pid: number
  child: ChildProcess
  /** From the start of the process to readiness. */
  readyAfterMs: number
  authorization: string
  stop(): Promise<void>
}

export interface CalotypeOptions {
  dataDirectory: string
  env?: Record<string, string>
  /** More arguments for node, and messages from what they load. */
  nodeArguments?: readonly string[]
}

export async function startCalotype(options: CalotypeOptions): Promise<Calotype> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const begun = performance.now()
  const child = spawn(process.execPath, [...(options.nodeArguments ?? []), 'apps/server/start.js'], {
    cwd: REPOSITORY,
    env: { ...process.env, DATA_DIR: options.dataDirectory, PORT: String(port), ...options.env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  // A bench that fails leaves nothing running.
  const endWithUs = () => child.kill('SIGTERM')
  process.once('exit', endWithUs)
  // The log is read to its end whoever listens: a full pipe would hold the server up.
  createInterface({ input: child.stdout ?? process.stdin }).on('line', () => {})
  await untilReady(url, child)
  const readyAfterMs = performance.now() - begun
  const key = (await readFile(path.join(options.dataDirectory, 'owner.key'), 'utf8')).trim()
  return {
    url,
    pid: child.pid ?? 0,
    child,
    readyAfterMs,
    authorization: `Bearer ${key}`,
    async stop() {
      process.off('exit', endWithUs)
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}`)
    const answer = await fetch(`${url}/api/health/readiness`).catch(() => null)
    if (answer?.ok) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error('The server did not become ready')
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (typeof address !== 'object' || !address) throw new Error('No port is free')
  return address.port
}

/** Runs work with a temporary directory that is gone afterwards. */
export async function withTemporaryDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), 'calotype-bench-'))
  try {
    return await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
