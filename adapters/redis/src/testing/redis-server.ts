import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether this machine has a Redis to test against. */
export const hasRedisServer = (): boolean => spawnSync('redis-server', ['--version']).status === 0

export interface RedisServer {
  url: string
  start(): Promise<void>
  /** Ends the process; with `SIGSTOP` it stays but answers nothing, until `SIGCONT`. */
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
  close(): Promise<void>
}

/** A real Redis on a port of its own, without persistence. */
export async function startRedisServer(): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'calotype-redis-'))
  const port = await freePort()
  let child: ChildProcess | null = null
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory]
  const start = async () => {
    child = spawn('redis-server', words, { stdio: 'ignore' })
    await untilListening(port)
  }
  const signal = async (name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT') => {
    const running = child
    if (!running) return
    const ended = new Promise(resolve => running.once('exit', resolve))
    running.kill(name)
    if (name !== 'SIGKILL') return
    await ended
    child = null
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    signal,
    close: async () => {
      await signal('SIGKILL')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port')
  return address.port
}

async function untilListening(port: number): Promise<void> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const open = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    if (Date.now() > deadline) throw new Error('Redis did not start')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
