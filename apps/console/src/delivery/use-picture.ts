import { useEffect, useState } from 'react'
import { api } from '../app/api.ts'
import { createSignedUrlSource } from './signed-urls.ts'

const sourceOf = (variant: string) => createSignedUrlSource({ fetch: ids => api.images.signedUrls(ids, { variant }) })

const sources = { thumb: sourceOf('thumb'), full: sourceOf('full') }

export type TileVariant = keyof typeof sources

/** The signed URL of a tile's picture; `onBroken` asks once for a new one, for the case that it ran out meanwhile. */
export function usePicture(id: string, variant: TileVariant, exists: boolean) {
  const source = sources[variant]
  const [url, setUrl] = useState(() => (exists ? source.peek(id) : null))
  const [renewed, setRenewed] = useState(false)

  useEffect(() => {
    if (!exists) return
    let stale = false
    void source.load(id).then(loaded => stale || setUrl(loaded))
    return () => {
      stale = true
    }
  }, [source, id, exists])

  const onBroken = () => {
    setUrl(null)
    if (renewed) return
    setRenewed(true)
    source.forget(id)
    void source.load(id).then(setUrl)
  }
  return { url: exists ? url : null, onBroken }
}
