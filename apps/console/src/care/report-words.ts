import type { ReconcileReport } from '@calotype/sdk'
import { counted } from '../words/numbers.ts'

export type Kind = keyof ReconcileReport['counts']

export const kinds: readonly Kind[] = ['unreferenced', 'missing_original', 'missing_variant', 'wrong_size']

/** What is wrong and what it means; what a repair does about so many. */
export const kindWords: Record<Kind, { title: string; meaning: string; repair: (count: number) => string }> = {
  unreferenced: {
    title: 'Objects that nothing refers to',
    meaning: 'They only cost storage.',
    repair: count => `Remove ${counted(count, 'object')} that nothing refers to, for good.`,
  },
  missing_original: {
    title: 'Originals that are missing',
    meaning: 'The image has its variants, but they cannot be made anew.',
    repair: count => `Record of ${counted(count, 'image')} that the original is no longer kept.`,
  },
  missing_variant: {
    title: 'Variants that are missing',
    meaning: 'Links to them lead nowhere.',
    repair: count => `Make ${counted(count, 'missing variant')} again where the original is kept.`,
  },
  wrong_size: {
    title: 'Objects of another size',
    meaning: 'Storage holds other bytes than were written.',
    repair: count =>
      `Make ${counted(count, 'object')} of another size again where that can be done, and put the others on record.`,
  },
}

type Counts = ReconcileReport['counts']

export const foundIn = (counts: Counts): number => kinds.reduce((sum, kind) => sum + counts[kind].found, 0)

/** What a repair will do, one sentence for each kind that was found. */
export const planOf = (counts: Counts): string[] =>
  kinds.filter(kind => counts[kind].found > 0).map(kind => kindWords[kind].repair(counts[kind].found))

/** 0–100 by the records that were expected; null while that is not known. */
export function percentOf({ progress, status }: Pick<ReconcileReport, 'progress' | 'status'>): number | null {
  if (status === 'done') return 100
  const { rows, expected_rows: expected } = progress
  return expected === null || expected === 0 ? null : Math.min(99, Math.floor((rows / expected) * 100))
}
