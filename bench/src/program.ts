import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { freePort } from './calotype.ts'

export interface Program {
  url: string
  child: ChildProcess
}

/** Starts one of the small servers beside this file on a port of its own, given as its last argument, and waits until it answers. */
export async function startProgram(
  name: string,
  options: { arguments: readonly string[]; nodeArguments?: readonly string[] },
): Promise<Program> {
  const port = await freePort()
  const file = path.resolve(import.meta.dirname, name)
  const child = spawn(process.execPath, [...(options.nodeArguments ?? []), file, ...options.arguments, String(port)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  process.once('exit', () => child.kill())
  const url = `http://127.0.0.1:${port}/`
  while (!(await fetch(url).catch(() => null))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return { url, child }
}
