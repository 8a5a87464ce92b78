import type { Image, SignedUrl } from '@calotype/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '../app/api.ts'
import { imageQuery, putImage } from '../images/sheet-cache.ts'
import { isSettled } from '../words/statuses.ts'

/** Events bring the news; this is for when they cannot. */
const LOOK_AGAIN_MS = 5_000
const SPARE_MS = 30_000

export function usePrint(id: string) {
  const client = useQueryClient()
  const image = useQuery({
    ...imageQuery(api, id),
    refetchInterval: ({ state }) => (state.data !== undefined && !isSettled(state.data.status) ? LOOK_AGAIN_MS : false),
    refetchOnMount: 'always',
  })
  useEffect(() => {
    if (image.data !== undefined) putImage(client, image.data)
  }, [client, image.data])
  return image
}

/** The signed URLs of all variants, renewed before they run out. */
export function useSignedUrls(image: Image) {
  return useQuery<SignedUrl>({
    queryKey: ['signed-url', image.id, image.updated_at],
    queryFn: ({ signal }) => api.images.signedUrl(image.id, { include: 'variants', signal }),
    enabled: image.status === 'ready',
    refetchInterval: ({ state }) =>
      state.data === undefined ? false : Math.max(5_000, Date.parse(state.data.expires_at) - Date.now() - SPARE_MS),
  })
}
