import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { freePort } from './calotype.ts'

export interface Program {
  url: string
  child: ChildProcess
  /** What the program said of itself in a message; waits for it. */
  told(name: string): Promise<string>
}

/** Starts one of the small servers beside this file on a port of its own, given as its last argument, and waits until it answers. */
export async function startProgram(
  name: string,
  options: { arguments: readonly string[]; nodeArguments?: readonly string[]; env?: Record<string, string> },
): Promise<Program> {
  const port = await freePort()
  const file = path.resolve(import.meta.dirname, name)
  const child = spawn(process.execPath, [...(options.nodeArguments ?? []), file, ...options.arguments, String(port)], {
    // A log is no part of what is measured, but reading it would be.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...options.env },
  })
  const told = new Map<string, string>()
  child.on('message', message => {
    for (const [key, value] of Object.entries(message ?? {})) told.set(key, String(value))
  })
  process.once('exit', () => child.kill())
  const url = `http://127.0.0.1:${port}/`
  while (!(await fetch(url).catch(() => null))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return { url, child, told: key => waitFor(() => told.get(key)) }
}

const TOLD_LIMIT_MS = 30_000

async function waitFor(look: () => string | undefined): Promise<string> {
  const deadline = performance.now() + TOLD_LIMIT_MS
  while (performance.now() < deadline) {
    const found = look()
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error('The program did not say it')
}
