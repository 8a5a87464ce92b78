import type { Image, ImageExplanation } from '@calotype/sdk'
import { statusSentence } from '../words/statuses.ts'

type HistoryStep = Image['history'][number]

/** A step in the words of the explanation; while there is none, in those of the status alone. */
export function wordsOf(
  step: HistoryStep,
  index: number,
  steps: ImageExplanation['steps'],
): { what: string; detail: string | null } {
  const told = steps[index]
  // An explanation that is older than the history belongs to other steps.
  if (told === undefined || told.at !== step.at) return { what: statusSentence[step.status], detail: null }
  return { what: told.what.replace(/\.$/, ''), detail: told.detail }
}

/** Notes have a place of their own on the page. */
export const withoutNotes = (summary: string, notes: readonly string[]): string =>
  notes
    .reduce((text, note) => text.replace(note, ''), summary)
    .replace(/ {2,}/g, ' ')
    .trim()
