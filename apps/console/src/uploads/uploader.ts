import type { Image, Project } from '@calotype/sdk'
import { type Failure, failureOfError } from '../words/failures.ts'
import { emptyQueue, reduceUploads, type UploadAction, type UploadQueue } from './queue.ts'

export interface SendOptions {
  projectId: string
  onProgress: (sent: number) => void
  signal: AbortSignal
}

export interface UploaderDeps {
  send: (file: File, options: SendOptions) => Promise<Image>
  check: (file: File, project: Project) => Failure | null
  onArrived: (image: Image, key: string) => void
  now?: () => number
  parallel?: number
}

export type Uploader = ReturnType<typeof createUploader>

/** A browser opens six connections to one server: the other three are for live events and pictures. */
const PARALLEL = 3

/** Lives outside of the components, so that uploads go on while people look at other pages. */
export function createUploader({ send, check, onArrived, now = Date.now, parallel = PARALLEL }: UploaderDeps) {
  let queue: UploadQueue = emptyQueue
  let made = 0
  const files = new Map<string, File>()
  const running = new Map<string, AbortController>()
  const listeners = new Set<() => void>()

  const dispatch = (action: UploadAction) => {
    const before = queue
    queue = reduceUploads(queue, action)
    if (queue !== before) for (const listener of listeners) listener()
  }

  const fill = () => {
    for (const { key, projectId, state } of queue.uploads) {
      if (running.size >= parallel) return
      const file = files.get(key)
      if (state === 'waiting' && file !== undefined && !running.has(key)) void run(key, projectId, file)
    }
  }

  const run = async (key: string, projectId: string, file: File) => {
    const stop = new AbortController()
    running.set(key, stop)
    dispatch({ do: 'start', key, at: now() })
    const onProgress = (sent: number) => dispatch({ do: 'progress', key, sent, at: now() })
    try {
      const image = await send(file, { projectId, onProgress, signal: stop.signal })
      if (stop.signal.aborted) return
      onArrived(image, key)
      files.delete(key)
      dispatch({ do: 'finish', key, duplicate: image.duplicate === true })
    } catch (error) {
      if (!stop.signal.aborted) dispatch({ do: 'refuse', key, failure: failureOfError(error) })
    } finally {
      running.delete(key)
      fill()
    }
  }

  const remove = (keys: readonly string[]) => {
    for (const key of keys) {
      running.get(key)?.abort()
      files.delete(key)
    }
    dispatch({ do: 'remove', keys })
  }

  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return (): void => {
        listeners.delete(listener)
      }
    },
    state: () => queue,
    fileOf: (key: string) => files.get(key),
    add: (chosen: readonly File[], project: Project) => {
      const added = chosen.map(file => ({ key: `upload-${++made}`, file }))
      for (const { key, file } of added) files.set(key, file)
      const uploads = added.map(({ key, file: { name, size, type } }) => ({
        key,
        projectId: project.id,
        name,
        size,
        type,
      }))
      dispatch({ do: 'add', uploads })
      for (const { key, file } of added) {
        const failure = check(file, project)
        if (failure !== null) dispatch({ do: 'refuse', key, failure })
      }
      fill()
    },
    retry: (key: string) => {
      dispatch({ do: 'retry', key })
      fill()
    },
    retryAll: () => {
      for (const { key, failure } of queue.uploads) if (failure?.canRetry) dispatch({ do: 'retry', key })
      fill()
    },
    remove,
    cancelAll: () => remove(queue.uploads.filter(({ state }) => state !== 'failed').map(({ key }) => key)),
  }
}
