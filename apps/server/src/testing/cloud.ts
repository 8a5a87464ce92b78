import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startFakeCloud } from '@calotype/aws/testing'
import { startEmbeddedServer } from '@calotype/postgres/embedded'
import { type Inspection, inspectDatabase } from '@calotype/postgres/testing'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const START_LIMIT_MS = 60_000
const BUCKET = 'photos'

export interface Program {
  url: string
  output(): string
  /** Resolves with the exit code. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** A PostgreSQL, a bucket and a queue outside of the programs, and programs that share them. */
export async function startCloud() {
  const directory = await mkdtemp(path.join(tmpdir(), 'calotype-cloud-'))
  const postgres = await startEmbeddedServer({ dataDirectory: path.join(directory, 'database'), log: () => {} })
  const cloud = await startFakeCloud()
  await cloud.bucket(BUCKET)
  const queueUrl = await cloud.queue('events')
  const running = new Set<ChildProcess>()
  const publicUrl = 'http://127.0.0.1:3998'
  const env = {
    ...{
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PUBLIC_URL: publicUrl,
      SECRET_KEY: 'the secret of all processes, shared',
    },
    ...{ DATABASE_URL: postgres.connectionString, DATABASE_POOL_MAX: '4', ENGINE_PROCESSES: '1' },
    ...{ S3_BUCKET: BUCKET, S3_ENDPOINT: cloud.connection.endpoint, SQS_EVENTS_QUEUE_URL: queueUrl },
    ...{ AWS_ACCESS_KEY_ID: 'AKTEST', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' },
  }
  const launch = (name: string, more: Record<string, string>, args: readonly string[]) => {
    const child = spawn(process.execPath, ['apps/server/src/main.ts', ...args], {
      cwd: ROOT,
      env: { ...env, DATA_DIR: path.join(directory, name), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += String(chunk)))
    const ended = new Promise<number | null>(resolve => {
      child.once('close', code => {
        running.delete(child)
        resolve(code)
      })
    })
    return { child, ended, output: () => output }
  }
  return {
    queueUrl,
    connection: cloud.connection,
    publicUrl,
    /** Runs a program that ends by itself. */
    run: async (args: readonly string[], more: Record<string, string> = {}) => {
      const { ended, output } = launch('command', { PORT: '0', LOG_LEVEL: 'silent', ...more }, args)
      return { code: await ended, output: output() }
    },
    start: async (name: string, role: 'api' | 'worker'): Promise<Program> => {
      const port = await findFreePort()
      const { child, ended, output } = launch(name, { PORT: String(port), ROLES: role }, [])
      const url = `http://127.0.0.1:${port}`
      await untilReady(url, child, output)
      const signal = (kind: 'SIGTERM' | 'SIGKILL') => {
        child.kill(kind)
        return ended
      }
      return { url, output, signal }
    },
    inspect: (): Promise<Inspection> => inspectDatabase(path.join(directory, 'database')),
    close: async () => {
      for (const child of running) child.kill('SIGKILL')
      await cloud.close()
      await postgres.stop()
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export type Cloud = Awaited<ReturnType<typeof startCloud>>

async function untilReady(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const until = Date.now() + START_LIMIT_MS
  for (;;) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${output()}`)
    const answer = await fetch(`${url}/health`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    if (Date.now() > until) throw new Error(`It was not ready in time:\n${output()}`)
    await sleep(100)
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
