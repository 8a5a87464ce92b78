import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 40_000

/** What a program needs of the surroundings; nothing else comes along, so that a test means the same everywhere. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot', 'TEMP']

export interface ServerOptions {
  dataDirectory: string
  env?: Record<string, string>
  /** The port of a server that stood here before; a free one otherwise. */
  port?: number
  /** A command to run instead of serving. */
  args?: readonly string[]
}

/** The real program, running in a process of its own. */
export interface Server {
  url: string
  port: number
  pid: number
  dataDirectory: string
  /** The owner's key of the first start. */
  key: string
  /** Everything that it has said so far, on both outputs. */
  output(): Promise<string>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
}

/** Runs the program until it ends by itself: for commands, and for starts that have to fail. */
export async function runProgram(options: ServerOptions): Promise<{ code: number | null; output: string }> {
  const { child } = launch(options, options.port ?? 0)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += String(chunk)))
  const code = await ended(child, START_LIMIT_MS)
  return { code, output }
}

/** Starts the program and waits until every part of it is ready. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const port = options.port ?? (await findFreePort())
  const url = `http://127.0.0.1:${port}`
  const { child, output } = launch(options, port)
  try {
    await waitUntilReady(child, url)
    const key = (await readFile(path.join(options.dataDirectory, 'owner.key'), 'utf8')).trim()
    return {
      url,
      port,
      pid: child.pid ?? 0,
      dataDirectory: options.dataDirectory,
      key,
      output,
      stop: () => {
        child.kill('SIGTERM')
        return ended(child, STOP_LIMIT_MS)
      },
      kill: async () => {
        child.kill('SIGKILL')
        await ended(child, STOP_LIMIT_MS)
      },
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw new Error(`The server did not start:\n${(await output()).slice(-4_000)}`, { cause: error })
  }
}

export const makeDataDirectory = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'calotype-e2e-'))

export const removeDataDirectory = (directory: string): Promise<void> =>
  rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })

function launch(options: ServerOptions, port: number) {
  const inherited = Object.fromEntries(INHERITED.map(name => [name, process.env[name]]))
  const env = { ...inherited, HOST: '127.0.0.1', PORT: String(port), DATA_DIR: options.dataDirectory, ...options.env }
  const log = `${options.dataDirectory}.log`
  const file = createWriteStream(log, { flags: 'a' })
  const words = ['apps/server/start.js', ...(options.args ?? [])]
  const child = spawn(process.execPath, words, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.pipe(file, { end: false })
  child.stderr.pipe(file, { end: false })
  // A test run that is broken off must not leave servers behind.
  const onExit = () => child.kill('SIGKILL')
  process.once('exit', onExit)
  child.once('exit', () => process.off('exit', onExit))
  return { child, output: () => readFile(log, 'utf8') }
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<void> {
  const until = Date.now() + START_LIMIT_MS
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    const answer = await fetch(`${url}/health`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    if (Date.now() > until) throw new Error(`it was not ready after ${START_LIMIT_MS} ms`)
    await sleep(50)
  }
}

async function ended(child: ChildProcess, limitMs: number): Promise<number | null> {
  const until = Date.now() + limitMs
  while (child.exitCode === null && child.signalCode === null) {
    if (Date.now() > until) throw new Error(`The server with pid ${child.pid} did not end within ${limitMs} ms`)
    await sleep(20)
  }
  return child.exitCode
}

export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
