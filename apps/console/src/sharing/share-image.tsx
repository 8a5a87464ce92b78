import type { Image } from '@calotype/sdk'
import { api } from '../app/api.ts'
import { type Shared, ShareSection } from './share-section.tsx'

export function ShareImage({ image: { id: imageId } }: { image: Image }) {
  const shared: Shared = {
    key: ['image', imageId],
    list: signal => api.shareLinks.list({ imageId }, { signal }),
    make: request => api.shareLinks.create({ imageId }, request),
  }
  return <ShareSection shared={shared} what="this picture" />
}
