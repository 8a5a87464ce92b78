import type { Image, ImageMove, NewImage } from '../images/index.ts'
import type { Meters } from './meters.ts'

/** What a transaction did to images, kept until it is true. */
export type ImageNews =
  | { kind: 'added'; image: Pick<NewImage, 'origin' | 'status'> }
  | { kind: 'moved'; from: ImageMove['from']; at: Date; image: Image }

/** Counts what became of uploads and images. */
export function countImageNews(meters: Meters, news: readonly ImageNews[]): void {
  for (const each of news) {
    if (each.kind === 'added') countAdded(meters, each.image)
    else countMove(meters, each)
  }
}

function countAdded(meters: Meters, { origin, status }: Pick<NewImage, 'origin' | 'status'>): void {
  const direct = status === 'pending_upload'
  meters.counter('calotype_uploads_begun_total', { origin, way: direct ? 'direct' : 'streamed' }).add()
  if (!direct) meters.counter('calotype_uploads_confirmed_total', { origin }).add()
}

function countMove(meters: Meters, { from, at, image }: Extract<ImageNews, { kind: 'moved' }>): void {
  const { origin, status, uploadedAt } = image
  const code = image.failure?.code ?? 'internal'
  if (from === 'pending_upload' && status === 'uploaded')
    meters.counter('calotype_uploads_confirmed_total', { origin }).add()
  if (from === 'pending_upload' && status === 'failed') meters.counter('calotype_uploads_refused_total', { code }).add()
  if (status === 'failed' && from !== 'deleted') meters.counter('calotype_images_failed_total', { code }).add()
  if (from !== 'processing' || status !== 'ready') return
  meters.counter('calotype_images_ready_total', { origin }).add()
  if (uploadedAt === null) return
  meters.histogram('calotype_image_ready_seconds', {}).observe((at.getTime() - uploadedAt.getTime()) / 1000)
}
