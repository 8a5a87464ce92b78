import type { Upload } from '../uploads/queue.ts'
import { failureOf } from '../words/failures.ts'
import { formatBytes, formatPercent, formatSaving, formatSpeed } from '../words/numbers.ts'
import { statusWord } from '../words/statuses.ts'
import { purgeWords } from '../words/times.ts'
import type { SheetItem } from './sheet.ts'

/** A place on the contact sheet: what is on its way, then what is there. */
export type Entry = { kind: 'upload'; key: string; upload: Upload } | { kind: 'image'; key: string; item: SheetItem }

/** Latest first, as the images are. */
export const entriesOf = (uploads: readonly Upload[], items: readonly SheetItem[]): Entry[] => [
  ...uploads.map((upload): Entry => ({ kind: 'upload', key: upload.key, upload })).reverse(),
  ...items.map((item): Entry => ({ kind: 'image', key: item.id, item })),
]

const TAIL = 8

/** The end of a name often tells more than its middle: a number, the ending. */
export function shortenName(name: string, characters: number): string {
  const all = [...name]
  if (all.length <= characters) return name
  return `${all.slice(0, characters - TAIL - 1).join('')}…${all.slice(-TAIL).join('')}`
}

/** The whole tile in one breath, for screen readers. */
export function nameOfItem(item: SheetItem): string {
  const parts = [item.name, statusWord[item.status].toLowerCase()]
  if (item.status === 'deleted') return [...parts, purgeWords(item.purgeAt, Date.now())].join(', ')
  if (item.failure !== null) parts.push(failureOf(item.failure.code, item.failure.detail).title)
  if (item.sizeBytes !== null && item.fullBytes !== null) {
    parts.push(`${formatBytes(item.sizeBytes)} to ${formatBytes(item.fullBytes)}`)
  }
  if (item.savedPercent !== null) parts.push(formatSaving(item.savedPercent))
  return parts.join(', ')
}

export function nameOfUpload(upload: Upload): string {
  if (upload.failure !== null) return `${upload.name}, upload failed, ${upload.failure.title}: ${upload.failure.detail}`
  return `${upload.name}, ${uploadWords(upload)}`
}

export function uploadWords({ state, sent, size, speed }: Upload): string {
  if (state === 'waiting') return 'Waiting to upload'
  if (state === 'arrived') return 'Sent, being stored'
  const percent = formatPercent(size === 0 ? 0 : (sent / size) * 100)
  return speed === null ? percent : `${percent} · ${formatSpeed(speed)}`
}
