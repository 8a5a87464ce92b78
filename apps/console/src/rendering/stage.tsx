import type { Image, Variant } from '@calotype/sdk'
import type { ReactNode } from 'react'
import { placeholderUrl } from '../delivery/thumbhash.ts'

export type Zoom = 'fit' | 'actual'

interface StageProps {
  image: Image
  variant: Variant
  zoom: Zoom
  children: ReactNode
}

/** Fits the picture into the room there is, or shows one pixel of it as one pixel of the screen. */
export function Stage({ image, variant, zoom, children }: StageProps) {
  const ratio = variant.width / variant.height
  const actual = zoom === 'actual'
  const placeholder = image.placeholder === null ? null : placeholderUrl(image.placeholder.thumbhash)
  return (
    <div className="@container">
      <div
        className={`@container-size rounded-sm bg-well ${actual ? 'overflow-auto' : 'overflow-hidden'}`}
        style={{ height: `clamp(14rem, ${100 / frameRatio(image, variant)}cqw, 64dvh)` }}
        // What scrolls must be reachable by keyboard.
        tabIndex={actual ? 0 : undefined}
      >
        <div
          className="grid min-h-full min-w-full place-items-center"
          style={actual ? { width: 'max-content' } : undefined}
        >
          <div
            className="relative"
            style={{
              aspectRatio: ratio,
              width: actual ? variant.width / devicePixelRatio : `min(100cqw, 100cqh * ${ratio}, ${variant.width}px)`,
              ...(placeholder === null ? {} : { background: `url(${placeholder}) 0 0 / 100% 100%` }),
            }}
          >
            {children}
          </div>
        </div>
      </div>
    </div>
  )
}

/** Of the original, so that the page does not jump when another variant is chosen. */
function frameRatio({ width, height }: Image, variant: Variant): number {
  return width === null || height === null ? variant.width / variant.height : width / height
}
