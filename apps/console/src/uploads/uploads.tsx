import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { session } from '../access/keeper.ts'
import { api } from '../app/api.ts'
import { type Notice, useSay } from '../design/notices.tsx'
import { putImage } from '../images/sheet-cache.ts'
import { counted } from '../words/numbers.ts'
import { checkFile } from './check-file.ts'
import { createPreviews } from './previews.ts'
import { summarize, type UploadQueue, type UploadSummary } from './queue.ts'
import { createFileSender } from './send-file.ts'
import { createUploader, type Uploader } from './uploader.ts'

type UploadsOfPage = Uploader & { previews: ReturnType<typeof createPreviews> }

const Context = createContext<UploadsOfPage | null>(null)

export function useUploads(): UploadsOfPage {
  const uploads = useContext(Context)
  if (uploads === null) throw new Error('useUploads is only for what is inside Uploads.')
  return uploads
}

export function useUploadQueue(): UploadQueue {
  const { subscribe, state } = useUploads()
  return useSyncExternalStore(subscribe, state)
}

export function Uploads({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const say = useSay()
  const [uploads] = useState(() => createUploads(client, say))
  useResults(uploads, say)
  useEffect(() => {
    addEventListener('online', uploads.retryAll)
    return () => removeEventListener('online', uploads.retryAll)
  }, [uploads])
  return <Context value={uploads}>{children}</Context>
}

function createUploads(client: QueryClient, say: (notice: Notice) => void): UploadsOfPage {
  const previews = createPreviews()
  const sendFile = createFileSender(api.images)
  const uploader = createUploader({
    check: checkFile,
    send: async (file, options) => {
      try {
        return await sendFile(file, options)
      } catch (error) {
        session.notice(error)
        throw error
      }
    },
    onArrived: (image, key) => {
      previews.handOver(key, image.id)
      putImage(client, image)
      if (image.duplicate) say({ text: `${image.file_name} was here already: these are the same bytes.` })
    },
  })
  const remove = (keys: readonly string[]) => {
    uploader.remove(keys)
    for (const key of keys) previews.release(key)
  }
  return { ...uploader, remove, previews }
}

/** One sentence when a batch is through, instead of one per file. */
function useResults(uploads: Uploader, say: (notice: Notice) => void): void {
  const before = useRef<UploadSummary | null>(null)
  useEffect(
    () =>
      uploads.subscribe(() => {
        const now = summarize(uploads.state())
        const was = before.current
        before.current = now
        const ended = was !== null && was.running + was.waiting > 0 && now.running + now.waiting === 0
        if (!ended) return
        const failed = now.failed > 0 ? ` ${counted(now.failed, 'photo')} could not be uploaded.` : ''
        const added = now.finished - now.duplicates
        const done = added > 0 ? `${counted(added, 'photo')} uploaded.` : ''
        const text = `${done}${failed}`.trim()
        if (text !== '') say({ text, tone: now.failed > 0 ? 'bad' : 'good' })
      }),
    [uploads, say],
  )
  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent) => {
      const { running, waiting } = summarize(uploads.state())
      if (running + waiting > 0) event.preventDefault()
    }
    addEventListener('beforeunload', onLeave)
    return () => removeEventListener('beforeunload', onLeave)
  }, [uploads])
}
