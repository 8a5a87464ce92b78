import { type AnalysisEvent, type Calotype, CalotypeError, type ImageStatusEvent } from '@calotype/sdk'
import type { QueryClient } from '@tanstack/react-query'
import { toSheetItem } from './sheet.ts'
import { dropImages, PAGE, putImage, putItems, putStatus, refreshBin } from './sheet-cache.ts'

const PARALLEL = 2
/** A thousand may be deleted at once; the bin is looked at once for all of them. */
const BIN_PAUSE_MS = 400

export type ImageFollower = ReturnType<typeof createImageFollower>

/** Turns events into what the pages show. An image is fetched once however many events it had meanwhile. */
export function createImageFollower(client: QueryClient, api: Calotype) {
  const waiting = new Set<string>()
  let running = 0
  let binTimer: ReturnType<typeof setTimeout> | undefined

  const fetchNext = async (): Promise<void> => {
    const [id] = waiting
    if (id === undefined || running >= PARALLEL) return
    waiting.delete(id)
    running++
    try {
      putImage(client, await api.images.get(id))
    } catch (error) {
      if (error instanceof CalotypeError && error.status === 404) dropImages(client, [id])
    } finally {
      running--
      void fetchNext()
    }
  }

  return {
    onEvent: (event: ImageStatusEvent) => {
      if (event.status === 'deleted') {
        waiting.delete(event.image_id)
        dropImages(client, [event.image_id])
        clearTimeout(binTimer)
        binTimer = setTimeout(() => void refreshBin(client), BIN_PAUSE_MS)
        return
      }
      putStatus(client, event)
      waiting.add(event.image_id)
      void fetchNext()
    },
    onAnalysis: ({ image_id, project_id }: AnalysisEvent) => {
      void client.invalidateQueries({ queryKey: ['pipeline-messages', project_id] })
      waiting.add(image_id)
      void fetchNext()
    },
    /** Between the first look at the list and the first event there is a gap: look again. */
    catchUp: async (projectId: string) => {
      const { items } = await api.images.page({ projectId, limit: PAGE })
      putItems(client, projectId, items.map(toSheetItem))
    },
  }
}
