import type { ChildProcess } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { startCalotype, withTemporaryDirectory } from './calotype.ts'
import { sendLargeUpload } from './large-upload.ts'
import { drawPicture, type Picture } from './pictures.ts'
import { startProgram } from './program.ts'
import { median } from './statistics.ts'
import { megabytes, printTable } from './table.ts'

const UPLOAD_BYTES = 50_000_000
const ROUNDS = Number(process.env.ROUNDS ?? 3)
const SETTLE_MS = 1_500
const REPORTER = ['--import', path.resolve(import.meta.dirname, 'report-memory.ts')]

interface Memory {
  rss: number
  heapUsed: number
  external: number
}

interface Subject {
  name: string
  child: ChildProcess
  url: string
  authorization: string
}

/** How much a server grows under uploads of 50 MB; the floor is a bare one that pipes the same bytes into a file. */
export async function memory(): Promise<void> {
  process.env.BENCH_PID = String(process.pid)
  const picture = await drawPicture(640, 480, 1)
  await withTemporaryDirectory(async directory => {
    const floor = await startSink(path.join(directory, 'sink'))
    const server = await startCalotype({ dataDirectory: path.join(directory, 'data'), nodeArguments: REPORTER })
    const subjects: readonly Subject[] = [
      floor,
      {
        name: 'Calotype',
        child: server.child,
        url: `${server.url}/api/v1/images/upload`,
        authorization: server.authorization,
      },
    ]
    try {
      const resting = new Map<Subject, Memory>()
      for (const subject of subjects) resting.set(subject, await rest(subject))
      const rows: string[][] = []
      for (const parallel of [1, 8]) rows.push(...(await measure(subjects, resting, picture, parallel)))
      printTable(
        `Memory of the server during multipart uploads of ${megabytes(UPLOAD_BYTES)} MB, above what it had before the first (medians of ${ROUNDS} rounds in turns)`,
        ['', 'uploads at once', 'RSS +MB', 'JS heap +MB', 'buffers +MB', 'seconds'],
        rows,
      )
    } finally {
      floor.child.kill()
      await server.stop()
    }
  })
}

async function startSink(directory: string): Promise<Subject> {
  await mkdir(directory)
  const program = await startProgram('sink-server.ts', { arguments: [directory], nodeArguments: REPORTER })
  return { name: 'bare server, body into a file', authorization: '', ...program }
}

type Growth = Memory & { seconds: number }

async function measure(
  subjects: readonly Subject[],
  resting: ReadonlyMap<Subject, Memory>,
  picture: Picture,
  parallel: number,
): Promise<string[][]> {
  const grown = new Map<Subject, Growth[]>(subjects.map(subject => [subject, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const subject of subjects) {
      const before = resting.get(subject) ?? NOTHING
      grown.get(subject)?.push(await watch(subject, before, () => sendAll(subject, picture, parallel)))
      await rest(subject)
    }
  }
  return subjects.map(subject => {
    const of = (field: keyof Growth) => median((grown.get(subject) ?? []).map(growth => growth[field]))
    return [
      subject.name,
      String(parallel),
      ...(['rss', 'heapUsed', 'external'] as const).map(field => megabytes(of(field))),
      of('seconds').toFixed(1),
    ]
  })
}

async function sendAll(subject: Subject, picture: Picture, parallel: number): Promise<void> {
  const one = async () => {
    const status = await sendLargeUpload(subject.url, subject.authorization, picture, UPLOAD_BYTES)
    if (status !== 202) throw new Error(`${subject.name} answered ${status}`)
  }
  await Promise.all(Array.from({ length: parallel }, one))
}

/** Lets a server come to rest; resolves with the memory it has then. */
async function rest(subject: Subject): Promise<Memory> {
  let last = NOTHING
  const sample = (message: unknown) => {
    last = asMemory(message)
  }
  subject.child.on('message', sample)
  await new Promise(resolve => setTimeout(resolve, SETTLE_MS))
  subject.child.off('message', sample)
  return last
}

/** The most that each kind of memory was above its state before, sampled during the work. */
async function watch(subject: Subject, before: Memory, work: () => Promise<void>): Promise<Growth> {
  const samples: Memory[] = []
  const sample = (message: unknown) => void samples.push(asMemory(message))
  subject.child.on('message', sample)
  const begun = performance.now()
  await work()
  const seconds = (performance.now() - begun) / 1000
  subject.child.off('message', sample)
  const most = (field: keyof Memory) => Math.max(0, ...samples.map(memory => memory[field] - before[field]))
  return { rss: most('rss'), heapUsed: most('heapUsed'), external: most('external'), seconds }
}

const NOTHING: Memory = { rss: 0, heapUsed: 0, external: 0 }

/** What report-memory.ts sends. */
const asMemory = (message: unknown): Memory => message as Memory
