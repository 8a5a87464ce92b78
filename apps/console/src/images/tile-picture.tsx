import { useState } from 'react'
import { placeholderUrl } from '../delivery/thumbhash.ts'
import { type TileVariant, usePicture } from '../delivery/use-picture.ts'
import { useUploads } from '../uploads/uploads.tsx'
import type { SheetItem } from './sheet.ts'
import type { TileSize } from './tile-size.ts'

const layer = 'absolute inset-0 size-full'

/** From the placeholder (or what this browser has just sent) to the variant, as it becomes available. */
export function TilePicture({ item, size }: { item: SheetItem; size: TileSize }) {
  const variant: TileVariant = size === 'small' ? 'thumb' : 'full'
  const fit = size === 'small' ? 'object-cover' : 'object-contain'
  const { url, onBroken } = usePicture(item.id, variant, item.status === 'ready')
  const [shown, setShown] = useState<string | null>(null)
  const { previews } = useUploads()
  const placeholder = item.thumbhash === null ? null : placeholderUrl(item.thumbhash)
  const developed = url !== null && shown === url
  const sent = developed ? null : previews.of(item.id)
  return (
    <>
      {placeholder !== null && !(developed && size === 'large') && (
        <img src={placeholder} alt="" className={`${layer} ${fit}`} />
      )}
      {sent !== null && <Sent url={sent} className={`${layer} ${fit}`} />}
      {url !== null && (
        <img
          key={url}
          src={url}
          alt=""
          decoding="async"
          draggable={false}
          onLoad={() => {
            setShown(url)
            previews.release(item.id)
          }}
          onError={onBroken}
          className={`${layer} ${fit} transition-opacity duration-150 ${developed ? '' : 'opacity-0'}`}
        />
      )}
    </>
  )
}

/** The file itself; browsers that cannot show its type leave the tile to its name. */
export function Sent({ url, className }: { url: string; className: string }) {
  const [broken, setBroken] = useState(false)
  if (broken) return null
  return (
    <img src={url} alt="" decoding="async" draggable={false} className={className} onError={() => setBroken(true)} />
  )
}
