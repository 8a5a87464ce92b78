import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const COMMAND_LIMIT_MS = 60_000

/** Runs a command to its end. Rejects with what it wrote when it fails. */
export async function run(command: string, words: readonly string[], env: Record<string, string>): Promise<string> {
  const options = { env: { ...process.env, ...env }, timeout: COMMAND_LIMIT_MS, maxBuffer: 16 * 1024 * 1024 }
  return (await execute(command, [...words], options)).stdout
}

export interface Daemon {
  stop(): Promise<void>
}

/** A program that runs until it is stopped; it goes with us even when we are killed. */
export function startDaemon(
  command: string,
  words: readonly string[],
  env: Record<string, string>,
  log: string,
): Daemon {
  const out = openSync(log, 'a')
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', command, ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', out, out],
  })
  return { stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** A TCP port of the loopback address that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port')
  return address.port
}
