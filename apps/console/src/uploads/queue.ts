import type { Failure } from '../words/failures.ts'

export interface Upload {
  key: string
  projectId: string
  name: string
  size: number
  type: string
  state: 'waiting' | 'sending' | 'arrived' | 'failed'
  sent: number
  /** Bytes per second, smoothed; null until there is something to measure. */
  speed: number | null
  measuredAt: number
  failure: Failure | null
}

/** What is known of an upload before it begins. */
export type FreshUpload = Pick<Upload, 'key' | 'projectId' | 'name' | 'size' | 'type'>

export interface UploadQueue {
  uploads: readonly Upload[]
  /** Of this batch: since the queue was last empty of anything under way. */
  finished: { count: number; duplicates: number; bytes: number }
}

export type UploadAction =
  | { do: 'add'; uploads: readonly FreshUpload[] }
  | { do: 'refuse'; key: string; failure: Failure }
  | { do: 'start'; key: string; at: number }
  | { do: 'progress'; key: string; sent: number; at: number }
  | { do: 'finish'; key: string; duplicate?: boolean }
  | { do: 'retry'; key: string }
  | { do: 'remove'; keys: readonly string[] }

export const emptyQueue: UploadQueue = { uploads: [], finished: { count: 0, duplicates: 0, bytes: 0 } }

const SMOOTHING = 0.3
const SHORTEST_MEASURE_MS = 150

export function reduceUploads(queue: UploadQueue, action: UploadAction): UploadQueue {
  switch (action.do) {
    case 'add': {
      const finished = underWay(queue) ? queue.finished : emptyQueue.finished
      return { uploads: [...queue.uploads, ...action.uploads.map(fresh)], finished }
    }
    case 'refuse':
      return change(queue, action.key, upload => ({ ...upload, state: 'failed', speed: null, failure: action.failure }))
    case 'start':
      return change(queue, action.key, upload => ({ ...upload, state: 'sending', measuredAt: action.at }))
    case 'progress':
      return change(queue, action.key, upload => progressed(upload, action.sent, action.at))
    case 'finish': {
      const upload = queue.uploads.find(({ key }) => key === action.key)
      if (upload === undefined) return queue
      const { count, duplicates, bytes } = queue.finished
      return {
        uploads: queue.uploads.filter(other => other !== upload),
        finished: {
          count: count + 1,
          duplicates: duplicates + (action.duplicate ? 1 : 0),
          bytes: bytes + upload.size,
        },
      }
    }
    case 'retry':
      return change(queue, action.key, upload => (upload.state === 'failed' ? fresh(upload) : upload))
    case 'remove': {
      const gone = new Set(action.keys)
      return { ...queue, uploads: queue.uploads.filter(({ key }) => !gone.has(key)) }
    }
  }
}

function fresh({ key, projectId, name, size, type }: FreshUpload): Upload {
  return { key, projectId, name, size, type, state: 'waiting', sent: 0, speed: null, measuredAt: 0, failure: null }
}

function change(queue: UploadQueue, key: string, how: (upload: Upload) => Upload): UploadQueue {
  return { ...queue, uploads: queue.uploads.map(upload => (upload.key === key ? how(upload) : upload)) }
}

/** The form around the file counts as sent too, hence the cap; the last byte out is not yet an answer. */
function progressed(upload: Upload, reported: number, at: number): Upload {
  const sent = Math.min(reported, upload.size)
  const state = sent >= upload.size ? 'arrived' : 'sending'
  const elapsed = at - upload.measuredAt
  if (elapsed < SHORTEST_MEASURE_MS && state === 'sending') return upload
  const now = elapsed <= 0 ? upload.speed : ((sent - upload.sent) / elapsed) * 1000
  const speed = now === null || upload.speed === null ? now : upload.speed + SMOOTHING * (now - upload.speed)
  return { ...upload, state, sent, speed, measuredAt: at }
}

const underWay = ({ uploads }: UploadQueue): boolean => uploads.some(({ state }) => state !== 'failed')

export interface UploadSummary {
  running: number
  waiting: number
  failed: number
  finished: number
  /** Among the finished: known already, so nothing new came of them. */
  duplicates: number
  total: number
  /** 0–1, by bytes. */
  fraction: number
  speed: number
  remainingMs: number | null
}

export function summarize({ uploads, finished }: UploadQueue): UploadSummary {
  const alive = uploads.filter(({ state }) => state !== 'failed')
  const waiting = alive.filter(({ state }) => state === 'waiting').length
  const bytes = finished.bytes + alive.reduce((sum, { size }) => sum + size, 0)
  const sent = finished.bytes + alive.reduce((sum, upload) => sum + upload.sent, 0)
  const speed = alive.reduce((sum, upload) => sum + (upload.state === 'sending' ? (upload.speed ?? 0) : 0), 0)
  return {
    running: alive.length - waiting,
    waiting,
    failed: uploads.length - alive.length,
    finished: finished.count,
    duplicates: finished.duplicates,
    total: finished.count + alive.length,
    fraction: bytes === 0 ? 0 : sent / bytes,
    speed,
    remainingMs: speed > 0 ? ((bytes - sent) / speed) * 1000 : null,
  }
}
