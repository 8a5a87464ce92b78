import { type BlobStore, newProbeId, originalKey, PROBE_ID_PREFIX } from '@calotype/core'

/** A probe that is older than this was left by a run that was killed. */
export const LEFT_AFTER_MS = 15 * 60_000

/** What a run of the doctor puts into storage, and takes away again. */
export interface Probes {
  /** The key of an upload, with an id that no image ever has. */
  upload(): { id: string; key: string }
  /** The key of a variant. */
  variant(visibility: 'private' | 'public'): string
  /** Uploads whose bytes storage took: each has an event. */
  readonly stored: ReadonlySet<string>
  /** Storage took an upload. */
  noteStored(id: string): void
  /** Removes everything of this run, and what killed runs left. Resolves with the keys that would not go. */
  remove(now: Date): Promise<readonly string[]>
}

const CARE = { projectId: '', purpose: 'care' as const }
const FOLDERS = ['uploads/', 'private/', 'public/'].map(folder => folder + PROBE_ID_PREFIX)

/** Keys are noted before anything is written under them, so that no moment of an interruption leaves one. */
export function createProbes(blobs: BlobStore | null): Probes {
  const made = new Set<string>()
  const stored = new Set<string>()
  const note = (key: string) => {
    made.add(key)
    return key
  }
  return {
    stored,
    noteStored: id => void stored.add(id),
    upload: () => {
      const id = newProbeId()
      return { id, key: note(originalKey(id)) }
    },
    variant: visibility => note(`${visibility}/${newProbeId()}/${newProbeId()}/doctor/probe.jpg`),
    remove: async now => {
      if (blobs === null) return []
      const leftBefore = now.getTime() - LEFT_AFTER_MS
      for (const folder of FOLDERS) {
        for await (const { key, modifiedAt } of blobs.list(folder, CARE)) {
          if (modifiedAt.getTime() < leftBefore) made.add(key)
        }
      }
      const left = made.size === 0 ? [] : await blobs.remove([...made], CARE)
      made.clear()
      return left
    },
  }
}
