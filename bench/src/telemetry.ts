import { once } from 'node:events'
import { createServer } from 'node:http'
import path from 'node:path'
import { type Calotype, startCalotype, withTemporaryDirectory } from './calotype.ts'
import { type Load, loadUrl } from './load.ts'
import { pinTo } from './machine.ts'
import { drawPicture } from './pictures.ts'
import { processTree } from './processes.ts'
import { printTable, ratio, whole } from './table.ts'
import { signedUrl, uploadUntilReady } from './upload-request.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const SECONDS = Number(process.env.SECONDS ?? 3)
const CONNECTIONS = 16
const SERVER_CORE = 0
const LOAD_CORE = 1
const KINDS = ['off', 'metrics', 'traces, every one'] as const
type Kind = (typeof KINDS)[number]

interface Contestant {
  request: string
  kind: Kind
  url: string
  headers: Record<string, string>
  server: Calotype
}

/** The same requests with nothing told, with metrics, and with metrics and a trace of every request, in turns on the same core. */
export async function telemetry(): Promise<void> {
  await withTemporaryDirectory(async directory => {
    const receiver = await startReceiver()
    const environments: Record<Kind, Record<string, string>> = {
      off: { METRICS: 'off' },
      metrics: {},
      'traces, every one': { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    }
    const servers: Calotype[] = []
    try {
      const contestants: Contestant[] = []
      for (const [index, kind] of KINDS.entries()) {
        const env = { SIGNED_URL_TTL: '3600', ENGINE_PROCESSES: '1', ...environments[kind] }
        const server = await startCalotype({ dataDirectory: path.join(directory, String(index)), env })
        servers.push(server)
        contestants.push(...(await requestsOf(server, kind)))
      }
      for (const server of servers) pinTo(SERVER_CORE, pidsOf(server))
      report(contestants, await takeTurns(contestants))
      if (receiver.received() === 0) throw new Error('No trace arrived: nothing was measured')
    } finally {
      await Promise.all(servers.map(server => server.stop()))
      receiver.close()
    }
  })
}

const pidsOf = (server: Calotype): readonly number[] => processTree(server.pid).map(({ pid }) => pid)

/** Takes what is sent and looks at none of it: a receiver is elsewhere. */
async function startReceiver() {
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The receiver has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    received: () => requests,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function requestsOf(server: Calotype, kind: Kind): Promise<Contestant[]> {
  const picture = await drawPicture(900, 700, 1)
  const { id } = await uploadUntilReady(server, picture.name, picture.bytes)
  const headers = { authorization: server.authorization }
  const { url } = server
  return [
    { request: 'GET /images/{id}', url: `${url}/api/v1/images/${id}`, headers },
    { request: 'GET /access, the least a route does', url: `${url}/api/v1/access`, headers },
    { request: 'GET /cdn/…, from memory', url: await signedUrl(server, id, 'thumb', 'jpeg'), headers: {} },
  ].map(each => ({ ...each, kind, server }))
}

async function takeTurns(contestants: readonly Contestant[]): Promise<ReadonlyMap<Contestant, Load[]>> {
  const measured = new Map<Contestant, Load[]>(contestants.map(contestant => [contestant, []]))
  const byRequest = [...Map.groupBy(contestants, ({ request }) => request).values()].flat()
  // The first round warms everything up and does not count.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const contestant of byRequest) {
      const { url, headers, server } = contestant
      const seconds = round === 0 ? Math.min(2, SECONDS) : SECONDS
      const serving = pidsOf(server)
      const load = await loadUrl(url, { core: LOAD_CORE, seconds, connections: CONNECTIONS, serving, headers })
      if (round > 0) measured.get(contestant)?.push(load)
    }
  }
  return measured
}

function report(contestants: readonly Contestant[], measured: ReadonlyMap<Contestant, Load[]>): void {
  const figure = (contestant: Contestant, of: 'requestsPerSecond' | 'requestsPerCpuSecond') =>
    Math.max(...(measured.get(contestant) ?? []).map(load => load[of]))
  printTable(
    `What it costs to tell of oneself, one core (best of ${ROUNDS} rounds of ${SECONDS} s in turns: other work only slows)`,
    ['', 'telemetry', 'requests/s', 'of off', 'requests/s of CPU', 'of off'],
    contestants
      .toSorted((a, b) => a.request.localeCompare(b.request))
      .map(contestant => {
        const off = contestants.find(({ request, kind }) => request === contestant.request && kind === 'off')
        const [perSecond, perCpu] = [
          figure(contestant, 'requestsPerSecond'),
          figure(contestant, 'requestsPerCpuSecond'),
        ]
        return [
          ...[contestant.request, contestant.kind, whole(perSecond)],
          ratio(off ? perSecond / figure(off, 'requestsPerSecond') : 1),
          ...[whole(perCpu), ratio(off ? perCpu / figure(off, 'requestsPerCpuSecond') : 1)],
        ]
      }),
  )
}
