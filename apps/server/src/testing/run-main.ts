import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const START_LIMIT_MS = 120_000

export type Env = Record<string, string>
export type Call = (path: string, init?: RequestInit) => Promise<Response>

/** Runs the program with nothing of our environment but what is given; nothing of it outlives `close`. */
export function createMainRunner() {
  const running = new Set<ChildProcess>()

  function launch(env: Env, args: readonly string[]) {
    const child = spawn(process.execPath, ['apps/server/src/main.ts', ...args], {
      ...{ cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
      env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', ENGINE_PROCESSES: '1', LOG_LEVEL: 'warn', ...env },
    })
    running.add(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (output += String(chunk)))
    const ended = once(child, 'close').then(([code]) => {
      running.delete(child)
      return { code: typeof code === 'number' ? code : null, output }
    })
    return { child, ended, output: () => output, over: () => child.exitCode !== null || child.signalCode !== null }
  }

  return {
    run: (env: Env, ...args: string[]) => launch(env, args).ended,

    /** Kills the program as soon as it has said this, unless it ends before. */
    runUntil: async (said: string, env: Env, ...args: string[]) => {
      const { child, ended, output, over } = launch(env, args)
      while (!over() && !output().includes(said)) await sleep(5)
      child.kill('SIGKILL')
      return ended
    },

    /** Serves while `work` runs; its calls carry the key that `keyOf` finds once the server is ready. */
    serve: async <T>(env: Env, keyOf: () => Promise<string>, work: (call: Call) => Promise<T>): Promise<T> => {
      const port = await freePort()
      const url = `http://127.0.0.1:${port}`
      const { child, ended, output, over } = launch({ ...env, PORT: String(port) }, [])
      const until = Date.now() + START_LIMIT_MS
      while ((await fetch(`${url}/health`).catch(() => null))?.status !== 200) {
        if (over() || Date.now() > until) throw new Error(`It does not serve:\n${output()}`)
        await sleep(100)
      }
      const headers = { authorization: `Bearer ${await keyOf()}` }
      try {
        return await work((to, init = {}) => fetch(`${url}/api/v1${to}`, { ...init, headers }))
      } finally {
        child.kill('SIGTERM')
        await ended
      }
    },

    close: () => {
      for (const child of running) child.kill('SIGKILL')
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port')
  return address.port
}
