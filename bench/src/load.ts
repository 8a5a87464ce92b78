import { spawn } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { breathe, onCore, requireProgram } from './machine.ts'
import { cpuSeconds } from './processes.ts'

export interface Load {
  requestsPerSecond: number
  /** Requests for each second of processor time that the server's processes took: right on a busy machine too. */
  requestsPerCpuSecond: number
  /** Share of its core that the server took. */
  cpuShare: number
}

/** Requests one URL as fast as the server answers, from one core, and looks at what it costs the processes that serve. */
export async function loadUrl(
  url: string,
  options: {
    core: number
    seconds: number
    connections: number
    accept?: string
    serving: readonly number[]
    headers?: Record<string, string>
    /** Sent by POST. */
    body?: string
  },
): Promise<Load> {
  requireProgram('wrk', 'wrk')
  const before = cpuSeconds(options.serving)
  const output = await run([
    ...onCore(options.core),
    ...['wrk', '-t1', `-c${options.connections}`, `-d${options.seconds}s`],
    ...(options.accept ? ['-H', `Accept: ${options.accept}`] : []),
    ...Object.entries(options.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(options.body === undefined ? [] : ['-s', await postScript(options.body)]),
    url,
  ])
  const cpu = cpuSeconds(options.serving) - before
  await breathe()
  const [, requests = '0', seconds = '0'] = /(\d+) requests in ([\d.]+)s/.exec(output) ?? []
  if (/Non-2xx|Socket errors/.test(output) || Number(requests) === 0) throw new Error(`The load failed:\n${output}`)
  return {
    requestsPerSecond: Number(requests) / Number(seconds),
    requestsPerCpuSecond: Number(requests) / cpu,
    cpuShare: cpu / Number(seconds),
  }
}

/** wrk posts what a script says. */
async function postScript(body: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'calotype-wrk-')), 'post.lua')
  await writeFile(file, `wrk.method = "POST"\nwrk.body = [==[${body}]==]\n`)
  return file
}

function run([command = '', ...args]: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      output += text
    })
    child.once('error', reject)
    child.once('close', code => (code === 0 ? resolve(output) : reject(new Error(`${command} ended with ${code}`))))
  })
}
