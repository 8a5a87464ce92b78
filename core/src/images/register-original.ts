import type { Stores } from '../database.ts'
import type { Original } from './original-store.ts'

/** The same bytes may win the race this often before it is called a defect: each round sees a committed winner. */
const MAX_ROUNDS = 5

/**
 * The live original that holds these bytes, its row locked: the one that is there already, or a new one at this key. One that is being
 * purged is not live, so that an upload that meets it brings bytes of its own (law of originals).
 */
export async function registerOriginal(
  tx: Pick<Stores, 'originals'>,
  bytes: { projectId: string; objectKey: string; sha256: string; sizeBytes: number },
): Promise<{ original: Original; existed: boolean }> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const existing = await tx.originals.lockBySha256(bytes.projectId, bytes.sha256)
    if (existing) return { original: existing, existed: existing.objectKey !== bytes.objectKey }
    if (await tx.originals.add(bytes)) return { original: { ...bytes, state: 'live' }, existed: false }
  }
  throw new Error('An original with the same bytes kept appearing and vanishing')
}
