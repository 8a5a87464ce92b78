import type { BlobStore } from '../blob-store.ts'
import type { DatabaseLoader } from './database-copy.ts'
import { backupDamaged, backupTooNew, copyDiffers } from './errors.ts'
import type { Manifest } from './manifest.ts'
import { countProgress, type OnProgress } from './progress.ts'
import { COPYING, digest, isSame } from './streams.ts'

/** What is known of the tables of one moment. */
export type TablesCopied = Pick<Manifest, 'schema' | 'tables'>

/** Rejects with `backup_too_new` when this program does not know every migration. */
export async function checkSchema(database: DatabaseLoader, { schema }: TablesCopied): Promise<void> {
  const known = await database.knownSchema()
  if (schema.some(version => !known.includes(version))) throw backupTooNew(Math.max(...schema), Math.max(...known))
}

/** Fills the database in one transaction, in which every row is read back and compared as well. */
export async function loadTables(
  deps: { database: DatabaseLoader; archive: BlobStore },
  copied: TablesCopied,
  onProgress: OnProgress,
): Promise<void> {
  const step = countProgress('loading', copied.tables.length, onProgress)
  await deps.database.load(copied.schema, async loading => {
    for (const table of copied.tables) {
      const rows = await deps.archive.read(table.name, null, COPYING)
      if (!rows) throw backupDamaged(table.name)
      try {
        await loading.loadTable(table.table, rows)
      } finally {
        rows.destroy()
      }
      if (!isSame(await digest(await loading.readTable(table.table)), table)) throw copyDiffers(table.name)
      step(table.sizeBytes)
    }
  })
}
