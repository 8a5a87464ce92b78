import path from 'node:path'
import { startCalotype, withTemporaryDirectory } from './calotype.ts'
import { median } from './statistics.ts'
import { printTable } from './table.ts'

const TIMES = 3

/** How long it takes until the server is ready: with an empty data directory, and with the one it made then. */
export async function start(): Promise<void> {
  const first: number[] = []
  const later: number[] = []
  for (let time = 0; time < TIMES; time++) {
    await withTemporaryDirectory(async directory => {
      for (const results of [first, later]) {
        const server = await startCalotype({ dataDirectory: path.join(directory, 'data') })
        results.push(server.readyAfterMs)
        await server.stop()
      }
    })
  }
  const row = (name: string, results: readonly number[]) => [
    name,
    (median(results) / 1000).toFixed(2),
    (Math.max(...results) / 1000).toFixed(2),
  ]
  printTable(
    `From the start of the process to readiness (median of ${TIMES})`,
    ['', 'seconds', 'slowest'],
    [row('first start', first), row('later start', later)],
  )
}
