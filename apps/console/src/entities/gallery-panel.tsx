import type { Gallery } from '@calotype/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { useSay } from '../design/notices.tsx'
import { each } from '../images/each.ts'
import { CouldNotLoad, LoadingRows, Nothing, Section } from '../settings/parts.tsx'
import { type Shared, ShareSection } from '../sharing/share-section.tsx'
import { failureOfError } from '../words/failures.ts'
import { DropArea } from './drop-area.tsx'
import { GalleryRow } from './gallery-row.tsx'
import { movedTo } from './order.ts'
import { galleryKey, galleryQuery, type ShownEntity } from './queries.ts'

/** The pictures of an entity in their order. */
export function GalleryPanel({ entity }: { entity: ShownEntity }) {
  const client = useQueryClient()
  const say = useSay()
  const mayWrite = useMay('image.write')
  const gallery = useQuery(galleryQuery(entity))
  const [dragged, setDragged] = useState<string | null>(null)
  const look = () => client.invalidateQueries({ queryKey: galleryKey(entity) })
  const show = (fresh: Gallery) => client.setQueryData(galleryKey(entity), fresh)
  const change = useMutation({
    mutationFn: (act: () => Promise<Gallery>) => act(),
    onSuccess: show,
    onError: error => {
      say({ text: failureOfError(error).detail, tone: 'bad' })
      void look()
    },
  })
  const adding = useMutation({
    mutationFn: (files: readonly File[]) =>
      each(files, async file => void (await api.entities.addToGallery(entity, file))),
    onSuccess: ({ failures: [first] }) => {
      if (first !== undefined) say({ text: failureOfError(first).detail, tone: 'bad' })
    },
    onSettled: look,
  })
  const data = gallery.data ?? null
  const items = data?.items ?? []
  const ids = items.map(item => item.image_id)
  const move = (id: string, to: number) => {
    const order = movedTo(ids, id, to)
    if (order === ids || data === null) return
    // Shown at once; the server's answer takes its place.
    show({ ...data, items: order.flatMap(each => items.filter(item => item.image_id === each)) })
    change.mutate(() => api.entities.orderGallery(entity, order))
  }
  const list = (
    <ol className="divide-y divide-line border-y border-line">
      {items.map((item, index) => (
        <GalleryRow
          key={item.image_id}
          item={item}
          place={{ index, last: items.length - 1 }}
          mayWrite={mayWrite}
          onMove={to => move(item.image_id, to)}
          onDrag={setDragged}
          onDropped={() => dragged !== null && move(dragged, index)}
          onPrimary={() => change.mutate(() => api.entities.setPrimary(entity, item.image_id))}
          onCaption={caption => change.mutate(() => api.entities.caption(entity, item.image_id, caption))}
          onRemove={() =>
            change.mutate(async () => {
              await api.entities.removeFromGallery(entity, item.image_id)
              return api.entities.gallery(entity)
            })
          }
        />
      ))}
    </ol>
  )
  const content = items.length > 0 ? list : <Nothing>This gallery has no picture.</Nothing>
  const shared: Shared = {
    key: galleryKey(entity),
    list: signal => api.shareLinks.list({ gallery: entity }, { signal }),
    make: request => api.shareLinks.create({ gallery: entity }, request),
  }
  return (
    <Section
      title="Gallery"
      about={items.length > 0 ? 'The first picture heads it unless another one is chosen.' : undefined}
    >
      {gallery.isPending && <LoadingRows label="Loading the gallery" />}
      {gallery.error !== null && gallery.data === undefined && (
        <CouldNotLoad what="The gallery" error={gallery.error} onRetry={() => void gallery.refetch()} />
      )}
      {gallery.data !== undefined &&
        (mayWrite ? (
          <DropArea
            action="Add photos"
            busy={adding.isPending ? 'Adding…' : null}
            multiple
            onFiles={files => adding.mutate(files)}
          >
            {content}
          </DropArea>
        ) : (
          content
        ))}
      {items.length > 0 && (
        <div className="mt-8">
          <ShareSection shared={shared} what="this gallery" />
        </div>
      )}
    </Section>
  )
}
