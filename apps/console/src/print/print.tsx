import type { Image } from '@calotype/sdk'
import { useState } from 'react'
import { Links } from '../delivery/links.tsx'
import { Receipts } from '../rendering/receipts.tsx'
import { chooseVariant, type VariantChoice } from '../rendering/variants.ts'
import { Viewer } from '../rendering/viewer.tsx'
import { ShareImage } from '../sharing/share-image.tsx'
import { Analysis } from './analysis.tsx'
import { Explanation } from './explanation.tsx'
import { MetadataList } from './metadata-list.tsx'
import { NoPicture } from './no-picture.tsx'
import { Notes } from './notes.tsx'
import { PrintHead } from './print-head.tsx'
import { Similar } from './similar.tsx'
import { useSignedUrls } from './use-print.ts'

/** One image: the picture and its receipts on the left, what is known about it on the right. */
export function Print({ image }: { image: Image }) {
  const [choice, setChoice] = useState<VariantChoice>({ name: 'full', format: 'avif' })
  const { data: signed } = useSignedUrls(image)
  const variant = image.status === 'ready' ? chooseVariant(image, choice) : null
  return (
    <>
      <PrintHead image={image} />
      <div className="gap-10 lg:grid lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-8">
          {variant === null ? (
            <NoPicture image={image} />
          ) : (
            <>
              <Viewer key={image.id} image={image} variant={variant} signed={signed} onChoose={setChoice} />
              <Receipts image={image} chosen={variant} onChoose={setChoice} />
              <Notes notes={image.notes} />
              {image.perceptual_hash !== null && <Similar image={image} />}
            </>
          )}
        </div>
        <aside aria-label="About this image" className="mt-8 space-y-8 lg:mt-0">
          {variant !== null && signed !== undefined && <Links image={image} signed={signed} variant={variant} />}
          {image.status === 'ready' && <ShareImage image={image} />}
          {image.status !== 'deleted' && <MetadataList image={image} />}
          {image.status !== 'deleted' && <Analysis analysis={image.analysis} />}
          <Explanation image={image} />
        </aside>
      </div>
    </>
  )
}
