import { checkRepairs, compare } from './reconcile/compare.ts'
import { withPlanted } from './reconcile/scene.ts'
import { createSyntheticBlobs } from './reconcile/synthetic-blobs.ts'
import { megabytes, printTable, whole } from './table.ts'

const DIFFERENCES = 1_000
const SIZES = (process.env.OBJECTS ?? '100000,1000000').split(',').map(Number)

/** Storage against records at a million objects: exactly the planted differences, in memory that does not grow with them. */
export async function reconcile(): Promise<void> {
  const rows: string[][] = []
  for (const objects of SIZES) {
    await withPlanted({ objects, differences: DIFFERENCES }, async ({ opened, plan, project }) => {
      const storage = createSyntheticBlobs(plan)
      for (const apply of [false, true]) {
        const { run, seconds, heapBytes, rssBytes, mistakes } = await compare(opened, storage, plan, project, apply)
        if (apply) mistakes.push(...(await checkRepairs(opened, storage, plan)))
        if (mistakes.length > 0) throw new Error(`${mistakes.length} mistakes:\n${mistakes.slice(0, 20).join('\n')}`)
        const found = Object.values(run.counts).map(count => whole(count.found))
        const figures = [whole(run.objects), whole(run.rows), found.join(' / '), seconds.toFixed(1)]
        rows.push([apply ? 'repair' : 'dry run', ...figures, megabytes(heapBytes), megabytes(rssBytes)])
      }
    })
  }
  printTable(
    `Storage against records, ${whole(DIFFERENCES)} differences of every kind: all found, nothing else found, only these repaired`,
    ['', 'objects', 'rows', 'unreferenced / originals / variants / sizes', 'seconds', 'JS heap +MB', 'RSS +MB'],
    rows,
  )
}
