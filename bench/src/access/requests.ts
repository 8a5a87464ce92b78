import path from 'node:path'
import { withTemporaryDirectory } from '../calotype.ts'
import { type Load, loadUrl } from '../load.ts'
import { pinTo } from '../machine.ts'
import { drawPicture } from '../pictures.ts'
import { processTree } from '../processes.ts'
import { type Program, startProgram } from '../program.ts'
import { median } from '../statistics.ts'
import { printTable, ratio, whole } from '../table.ts'
import { uploadUntilReady } from '../upload-request.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const SECONDS = Number(process.env.SECONDS ?? 3)
const CONNECTIONS = 32
const SERVER_CORE = 0
const LOAD_CORE = 1

interface Request {
  name: string
  url: string
  server: Program
  headers?: Record<string, string>
  body?: string
}

/** What a call costs beyond its SQL: authorised calls against bare routes of the same server, in turns on the same core. */
export async function accessRequests(): Promise<void> {
  await withTemporaryDirectory(async directory => {
    const plain = await startServer(path.join(directory, 'plain'), { METADATA_CACHE_BYTES: '0' })
    const cached = await startServer(path.join(directory, 'cached'), {})
    try {
      const pairs = [...(await readsOf(plain)), ...(await cachedReadsOf(cached))]
      for (const { program } of [plain, cached]) pinTo(SERVER_CORE, pidsOf(program))
      const measured = await takeTurns(pairs.flatMap(({ real, bare }) => [real, bare]))
      const perSecond = (request: Request, of: 'requestsPerSecond' | 'requestsPerCpuSecond') =>
        median((measured.get(request) ?? []).map(load => load[of]))
      printTable(
        `Authorised calls against bare routes of the same server, one core (medians of ${ROUNDS} rounds of ${SECONDS} s in turns)`,
        ['', 'requests/s', 'bare route', 'requests/s', 'ratio', 'ratio by CPU', 'wanted'],
        pairs.map(({ real, bare, wanted }) => [
          real.name,
          whole(perSecond(real, 'requestsPerSecond')),
          bare.name,
          whole(perSecond(bare, 'requestsPerSecond')),
          ratio(perSecond(real, 'requestsPerSecond') / perSecond(bare, 'requestsPerSecond')),
          ratio(perSecond(real, 'requestsPerCpuSecond') / perSecond(bare, 'requestsPerCpuSecond')),
          `≥ ${wanted}`,
        ]),
      )
    } finally {
      for (const { program } of [plain, cached]) program.child.kill('SIGTERM')
    }
  })
}

interface Server {
  program: Program
  url: string
  authorization: string
}

async function startServer(dataDirectory: string, env: Record<string, string>): Promise<Server> {
  const unlimited = { UPLOAD_URLS_PER_MINUTE: '1000000' }
  const program = await startProgram('access/server.ts', {
    arguments: [dataDirectory],
    env: { ...unlimited, ...env },
  })
  return { program, url: program.url.replace(/\/$/, ''), authorization: await program.told('authorization') }
}

async function readsOf({ program: server, url, authorization }: Server) {
  const picture = await drawPicture(900, 700, 1)
  const { id } = await uploadUntilReady({ url, authorization }, picture.name, picture.bytes)
  const organization = await organizationOf(url, authorization)
  const body = JSON.stringify({ file_name: 'roof.jpg', file_size: 4_167_727, mime_type: 'image/jpeg' })
  const json = { 'content-type': 'application/json' }
  return [
    {
      real: { name: 'GET /images/{id}', url: `${url}/api/v1/images/${id}`, server, headers: { authorization } },
      bare: { name: 'the same SQL', url: `${url}/bare/images/${organization}/${id}`, server },
      wanted: 0.6,
    },
    {
      real: {
        name: 'POST /images/upload-url',
        url: `${url}/api/v1/images/upload-url`,
        server,
        headers: { authorization, ...json },
        body,
      },
      bare: { name: 'the same SQL', url: `${url}/bare/upload-url/${organization}`, server, headers: json, body },
      wanted: 0.6,
    },
  ]
}

async function cachedReadsOf({ program: server, url, authorization }: Server) {
  const picture = await drawPicture(900, 700, 1)
  const { id } = await uploadUntilReady({ url, authorization }, picture.name, picture.bytes)
  return [
    {
      real: {
        name: 'GET /images/{id}, metadata cache on',
        url: `${url}/api/v1/images/${id}`,
        server,
        headers: { authorization },
      },
      bare: { name: 'an empty route', url: `${url}/bare/empty`, server },
      wanted: 0.4,
    },
  ]
}

async function organizationOf(url: string, authorization: string): Promise<string> {
  const me: unknown = await (await fetch(`${url}/api/v1/me`, { headers: { authorization } })).json()
  if (typeof me !== 'object' || !me || !('organization_id' in me)) throw new Error('The server does not know its key')
  return String(me.organization_id)
}

const pidsOf = (program: Program): readonly number[] => processTree(program.child.pid ?? 0).map(({ pid }) => pid)

async function takeTurns(requests: readonly Request[]): Promise<ReadonlyMap<Request, Load[]>> {
  const measured = new Map<Request, Load[]>(requests.map(request => [request, []]))
  // The first round warms everything up and does not count.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const request of requests) {
      const load = await loadUrl(request.url, {
        core: LOAD_CORE,
        seconds: round === 0 ? Math.min(2, SECONDS) : SECONDS,
        connections: CONNECTIONS,
        serving: pidsOf(request.server),
        headers: request.headers ?? {},
        ...(request.body === undefined ? {} : { body: request.body }),
      })
      if (round > 0) measured.get(request)?.push(load)
    }
  }
  return measured
}
