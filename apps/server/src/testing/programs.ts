import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const START_LIMIT_MS = 180_000

export interface Program {
  url: string
  output(): string
  /** Resolves with the exit code. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

export type Role = 'api' | 'worker'

export interface Programs {
  /** Runs a program that ends by itself. */
  run(args: readonly string[], more?: Record<string, string>): Promise<{ code: number | null; output: string }>
  /** Resolves when every part of it is ready. The same name again works in the same data directory. */
  start(name: string, role: Role, more?: Record<string, string>): Promise<Program>
  /** Addresses of those that answer HTTP now. */
  apis(): readonly string[]
  /** What all that were started have said so far, those that ended included. */
  output(): string
  kill(): void
}

/** The real program in processes of its own, each with a data directory under `directory`. */
export function createPrograms(directory: string, env: Record<string, string | undefined>): Programs {
  const children = new Set<ChildProcess>()
  const apis = new Set<string>()
  const outputs: (() => string)[] = []
  const launch = (name: string, more: Record<string, string>, args: readonly string[]) => {
    const child = spawn(process.execPath, ['apps/server/src/main.ts', ...args], {
      cwd: ROOT,
      env: { ...env, DATA_DIR: path.join(directory, name), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.add(child)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += String(chunk)))
    const ended = new Promise<number | null>(resolve => {
      child.once('close', code => {
        children.delete(child)
        resolve(code)
      })
    })
    return { child, ended, output: () => said }
  }
  return {
    run: async (args, more = {}) => {
      const { ended, output } = launch('command', { PORT: '0', LOG_LEVEL: 'silent', ...more }, args)
      return { code: await ended, output: output() }
    },
    start: async (name, role, more = {}) => {
      const port = await findFreePort()
      const { child, ended, output } = launch(name, { PORT: String(port), ROLES: role, ...more }, [])
      const url = `http://127.0.0.1:${port}`
      outputs.push(output)
      await untilReady(url, child, output)
      if (role === 'api') apis.add(url)
      const signal = (kind: 'SIGTERM' | 'SIGKILL') => {
        apis.delete(url)
        child.kill(kind)
        return ended
      }
      return { url, output, signal }
    },
    apis: () => [...apis],
    output: () => outputs.map(output => output()).join(''),
    kill: () => {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

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
