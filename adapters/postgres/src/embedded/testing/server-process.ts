import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** A server in a process (and group) of its own, so that a test can kill it as the kernel or an operator would. */
export interface ServerProcess {
  readonly pid: number
  /** Its connection string, once it is ready. */
  readonly ready: Promise<string>
  kill(): Promise<void>
}

export function startServerProcess(dataDirectory: string, choice?: string): ServerProcess {
  const args = [pathOf('./serve.ts'), dataDirectory, ...(choice === undefined ? [] : [choice])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const kill = killAfterTest(child)
  const lines = createInterface({ input: child.stdout })
  const firstLine = Promise.race([once(lines, 'line'), once(lines, 'close')]).then(([line]) => String(line))
  const ready = firstLine.then(line => {
    if (line.startsWith('ready ')) return line.slice('ready '.length)
    throw new Error(`The server process ended before it was ready: ${line}`)
  })
  ready.catch(() => {})
  return { pid: pidOf(child), ready, kill }
}

export interface Contender {
  readonly pid: number
  /** Sends a directory to lock, or 'release'; resolves with what came of it. */
  tell(message: string): Promise<string>
  kill(): Promise<void>
}

export async function startContender(): Promise<Contender> {
  const child = fork(pathOf('./contender.ts'))
  const kill = killAfterTest(child)
  const answer = () => once(child, 'message').then(([text]) => String(text))
  await answer()
  return {
    pid: pidOf(child),
    tell(message) {
      child.send(message)
      return answer()
    },
    kill,
  }
}

function pathOf(script: string): string {
  return fileURLToPath(new URL(script, import.meta.url))
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('The process could not be started')
  return child.pid
}

function killAfterTest(child: ChildProcess): () => Promise<void> {
  const exit = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await exit
  }
  onTestFinished(kill)
  return kill
}
