import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { BlobStore } from '../blob-store.ts'
import { backupDamaged, backupNotFound, backupUnfinished } from './errors.ts'
import { RUNS } from './run-files.ts'
import { COPYING, putText } from './streams.ts'

/** The one file that makes a backup a finished one, written last. */
export const MANIFEST = 'backup.json'
const MAX_MANIFEST_BYTES = 256 * 1024 * 1024

const Stored = { sizeBytes: z.number().int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }

/** A file of the backup, with what was written. */
const BackupFile = z.object({ name: z.string(), ...Stored })

export const Manifest = z.object({
  format: z.literal(1),
  run: z.string(),
  madeAt: z.iso.datetime(),
  server: z.string(),
  schema: z.array(z.number().int()).min(1),
  tables: z.array(BackupFile.extend({ table: z.string(), rows: z.number().int().nonnegative() })),
  /** Files that list the objects, in byte order of the keys. */
  lists: z.array(BackupFile),
  objects: z.object({ count: z.number().int(), bytes: z.number().int() }),
  /** Objects that the database names and storage does not have; the first ones. */
  missing: z.object({ count: z.number().int(), keys: z.array(z.string()) }),
  /** Objects with another size or hash than the database says, copied as they are; the first ones. */
  differing: z.object({ count: z.number().int(), keys: z.array(z.string()) }),
  /** Tells whether another secret is the same one, and not what it is. */
  secretMark: z.string(),
  secrets: BackupFile.nullable(),
})
export type Manifest = z.infer<typeof Manifest>

/** The manifest and, in a line of its own, its SHA-256. */
export async function writeManifest(archive: BlobStore, manifest: Manifest): Promise<void> {
  const text = JSON.stringify(manifest)
  await putText(archive, MANIFEST, `${text}\n${hashOf(text)}\n`)
}

/** Null where no backup was ever finished. Rejects with `backup_damaged`. */
export async function findManifest(archive: BlobStore): Promise<Manifest | null> {
  const found = await archive.readWhole(MANIFEST, MAX_MANIFEST_BYTES, COPYING)
  if (found === null) return null
  if (found === 'too_large') throw backupDamaged(MANIFEST)
  const whole = found.bytes.toString('utf8')
  const text = whole.split('\n', 1)[0] ?? ''
  // The bytes, because a text may hide a damage: what is no UTF-8 is read as one and the same sign.
  if (!found.bytes.equals(Buffer.from(`${text}\n${hashOf(text)}\n`))) throw backupDamaged(MANIFEST)
  return Manifest.parse(JSON.parse(text))
}

/** The finished backup. Rejects with `backup_not_found`, `backup_unfinished` or `backup_damaged`. */
export async function openBackup(archive: BlobStore): Promise<Manifest> {
  const manifest = await findManifest(archive)
  if (manifest) return manifest
  for await (const _ of archive.list(RUNS, COPYING)) throw backupUnfinished()
  throw backupNotFound()
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
