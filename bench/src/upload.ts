import path from 'node:path'
import { type Calotype, startCalotype, withTemporaryDirectory } from './calotype.ts'
import { loadPictures, makeUnique, type Picture } from './pictures.ts'
import { peakBytes, processTree } from './processes.ts'
import { median, quantile } from './statistics.ts'
import { megabytes, printTable } from './table.ts'
import { uploadUntilReady } from './upload-request.ts'

const PARALLEL = 8
/** So many uploads at least, whatever the number of pictures: a 95th percentile of few values says little. */
const MIN_UPLOADS = Number(process.env.UPLOADS ?? 52)

/** From the first byte of an upload to six variants, one at a time and eight at once, and the most memory that each process held. */
export async function upload(): Promise<void> {
  const pictures = await loadPictures(process.env.CORPUS)
  await withTemporaryDirectory(async directory => {
    const server = await startCalotype({ dataDirectory: path.join(directory, 'data') })
    try {
      // What every process does once belongs to the start.
      for (const picture of pictures.slice(0, 2)) await uploadUntilReady(server, picture.name, makeUnique(picture))
      const series = [await runSeries(server, pictures, 1), await runSeries(server, pictures, PARALLEL)]
      printTable(
        `Upload → ready of ${pictures.length} ${process.env.CORPUS ? 'photographs' : 'drawn pictures'}, every upload with bytes of its own`,
        ['', 'uploads', 'p50 ms', 'p95 ms', 'images/min'],
        series,
      )
      printTable('Peak memory per process (VmHWM)', ['', 'processes', 'MB each'], memoryRows(server))
    } finally {
      await server.stop()
    }
  })
}

async function runSeries(server: Calotype, pictures: readonly Picture[], parallel: number): Promise<string[]> {
  const rounds = Math.ceil(MIN_UPLOADS / pictures.length)
  const waiting = Array.from({ length: rounds }, () => pictures).flat()
  const count = waiting.length
  const latencies: number[] = []
  const begun = performance.now()
  const client = async () => {
    for (let picture = waiting.shift(); picture; picture = waiting.shift()) {
      const bytes = makeUnique(picture)
      const sent = performance.now()
      await uploadUntilReady(server, picture.name, bytes)
      latencies.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: parallel }, client))
  const minutes = (performance.now() - begun) / 60_000
  const name = parallel === 1 ? 'one at a time' : `${parallel} in parallel`
  const figures = [count, median(latencies), quantile(latencies, 0.95), count / minutes]
  return [name, ...figures.map(value => value.toFixed(0))]
}

/** Engine processes and the server are told apart by their command lines; PostgreSQL's are summed up by the largest. */
function memoryRows(server: Calotype): string[][] {
  const groups = new Map<string, number[]>()
  for (const { pid, command } of processTree(server.pid)) {
    const peak = peakBytes(pid)
    if (peak === 0) continue
    const name = pid === server.pid ? 'server' : /postgres/.test(command) ? 'postgres' : 'engine'
    groups.set(name, [...(groups.get(name) ?? []), peak])
  }
  return [...groups].map(([name, peaks]) => [
    name,
    String(peaks.length),
    peaks.length > 4
      ? `${megabytes(Math.min(...peaks))}–${megabytes(Math.max(...peaks))}`
      : peaks.map(megabytes).join(', '),
  ])
}
