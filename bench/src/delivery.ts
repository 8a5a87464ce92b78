import path from 'node:path'
import { type Calotype, startCalotype, withTemporaryDirectory } from './calotype.ts'
import { type Load, loadUrl } from './load.ts'
import { pinTo } from './machine.ts'
import { startNginx } from './nginx.ts'
import { drawPicture } from './pictures.ts'
import { processTree } from './processes.ts'
import { startProgram } from './program.ts'
import { median } from './statistics.ts'
import { printTable, ratio, whole } from './table.ts'
import { signedUrl, uploadUntilReady, type Variant } from './upload-request.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const SECONDS = Number(process.env.SECONDS ?? 4)
const CONNECTIONS = 16
const PICTURES = 4
const WANTED_BYTES = 80_000
const SERVER_CORE = 0
const LOAD_CORE = 1

interface Contestant {
  name: string
  url: string
  pids(): readonly number[]
}

/** One signed variant from memory and from disk, and nginx's sendfile of the same bytes, in turns on the same core. */
export async function delivery(): Promise<void> {
  await withTemporaryDirectory(async directory => {
    const hot = await startCalotype({ dataDirectory: path.join(directory, 'hot'), env: { SIGNED_URL_TTL: '3600' } })
    const cold = await startCalotype({
      dataDirectory: path.join(directory, 'cold'),
      env: { DELIVERY_CACHE_BYTES: '0', SIGNED_URL_TTL: '3600' },
    })
    const objects = [await prepare(hot), await prepare(cold)] as const
    const nginx = await startNginx(path.join(directory, 'nginx'), { 'variant.jpg': objects[0].bytes })
    const bare = await startProgram('bytes-server.ts', {
      arguments: [path.join(directory, 'nginx', 'files', 'variant.jpg')],
    })
    try {
      const contestants: readonly Contestant[] = [
        { name: 'nginx sendfile', url: `${nginx.url}/variant.jpg`, pids: nginx.pids },
        { name: 'bare node:http (memory)', url: bare.url, pids: () => [bare.child.pid ?? 0] },
        { name: 'Calotype, hot (memory)', url: objects[0].url, pids: () => pidsOf(hot) },
        { name: 'Calotype, cold (one read)', url: objects[1].url, pids: () => pidsOf(cold) },
      ]
      for (const { pids } of contestants) pinTo(SERVER_CORE, pids())
      const measured = await takeTurns(contestants)
      report(objects[0].bytes.byteLength, contestants, measured)
    } finally {
      bare.child.kill()
      await Promise.all([nginx.stop(), hot.stop(), cold.stop()])
    }
  })
}

const pidsOf = (server: Calotype): readonly number[] => processTree(server.pid).map(({ pid }) => pid)

/** Uploads drawn pictures and takes the variant next to 80 KB. */
async function prepare(server: Calotype): Promise<{ url: string; bytes: Buffer }> {
  const found: Array<{ imageId: string; variant: Variant }> = []
  for (let seed = 1; seed <= PICTURES; seed++) {
    const picture = await drawPicture(900, 700 - seed * 60, seed)
    const image = await uploadUntilReady(server, picture.name, picture.bytes)
    found.push(...image.variants.map(variant => ({ imageId: image.id, variant })))
  }
  const distance = (variant: Variant) => Math.abs(variant.size_bytes - WANTED_BYTES)
  const [nearest] = found.toSorted((a, b) => distance(a.variant) - distance(b.variant))
  if (!nearest) throw new Error('No image has variants')
  const url = await signedUrl(server, nearest.imageId, nearest.variant.name, nearest.variant.format)
  return { url, bytes: Buffer.from(await (await fetch(url)).arrayBuffer()) }
}

async function takeTurns(contestants: readonly Contestant[]): Promise<ReadonlyMap<Contestant, Load[]>> {
  const measured = new Map<Contestant, Load[]>(contestants.map(contestant => [contestant, []]))
  // The first round warms everything up and does not count.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const contestant of contestants) {
      const serving = contestant.pids()
      const seconds = round === 0 ? Math.min(2, SECONDS) : SECONDS
      const load = await loadUrl(contestant.url, { core: LOAD_CORE, seconds, connections: CONNECTIONS, serving })
      if (round > 0) measured.get(contestant)?.push(load)
    }
  }
  return measured
}

function report(bytes: number, contestants: readonly Contestant[], measured: ReadonlyMap<Contestant, Load[]>): void {
  const medians = contestants.map(contestant => {
    const loads = measured.get(contestant) ?? []
    return {
      name: contestant.name,
      perSecond: median(loads.map(load => load.requestsPerSecond)),
      perCpuSecond: median(loads.map(load => load.requestsPerCpuSecond)),
      cpuShare: median(loads.map(load => load.cpuShare)),
    }
  })
  const floor = medians[0]
  if (!floor) return
  printTable(
    `Delivery of one signed variant of ${whole(bytes)} bytes, one core (medians of ${ROUNDS} rounds of ${SECONDS} s in turns)`,
    ['', 'requests/s', 'of nginx', 'requests/s of CPU', 'of nginx', 'core used'],
    medians.map(({ name, perSecond, perCpuSecond, cpuShare }) => [
      name,
      whole(perSecond),
      ratio(perSecond / floor.perSecond),
      whole(perCpuSecond),
      ratio(perCpuSecond / floor.perCpuSecond),
      `${Math.round(cpuShare * 100)} %`,
    ]),
  )
}
