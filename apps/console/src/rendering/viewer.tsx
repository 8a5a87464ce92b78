import type { Image, SignedUrl, Variant } from '@calotype/sdk'
import { useState } from 'react'
import { useMay } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { ownAddress } from '../delivery/signed-urls.ts'
import { Button } from '../design/button.tsx'
import { Choice } from '../design/choice.tsx'
import { typeName } from '../uploads/check-file.ts'
import { SplitView } from './split-view.tsx'
import { Stage, type Zoom } from './stage.tsx'
import { formatsOf, formatWord, showsSameFrame, type VariantChoice, variantNames } from './variants.ts'

interface ViewerProps {
  image: Image
  variant: Variant
  signed: SignedUrl | undefined
  onChoose: (choice: VariantChoice) => void
}

type Original = 'off' | 'loading' | 'shown' | 'broken'

export function Viewer({ image, variant, signed, onChoose }: ViewerProps) {
  const mayCompare = useMay('image.read_private')
  const [zoom, setZoom] = useState<Zoom>('fit')
  const [original, setOriginal] = useState<Original>('off')
  const url = signed?.variants?.[variant.name]?.[variant.format]
  const label = `${variant.name} ${formatWord[variant.format]}`
  const alt = image.alt ?? image.file_name
  const comparable = showsSameFrame(image, variant)
  const compares = comparable && (original === 'loading' || original === 'shown')
  return (
    <section aria-label="Picture" className="flex min-h-0 flex-col">
      <Stage image={image} variant={variant} zoom={zoom}>
        {url !== undefined && compares && (
          <SplitView
            original={api.images.fileUrl(image.id, { variant: 'original', use: 'view' })}
            variant={ownAddress(url)}
            label={label}
            alt={alt}
            onOriginalBroken={() => setOriginal('broken')}
            onOriginalShown={() => setOriginal('shown')}
          />
        )}
        {url !== undefined && !compares && (
          <img src={ownAddress(url)} alt={alt} className="absolute inset-0 size-full" />
        )}
      </Stage>
      <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <Choice
          legend="Variant"
          value={variant.name}
          options={variantNames(image).map(name => ({ value: name, label: name }))}
          onChange={name => onChoose({ name, format: variant.format })}
        />
        <Choice
          legend="Format"
          value={variant.format}
          options={formatsOf(image, variant.name).map(format => ({ value: format, label: formatWord[format] }))}
          onChange={format => onChoose({ name: variant.name, format })}
        />
        <Choice
          legend="Zoom"
          value={zoom}
          options={[
            { value: 'fit', label: 'Fit' },
            { value: 'actual', label: '100 %' },
          ]}
          onChange={setZoom}
        />
        {comparable && mayCompare && original !== 'broken' && (
          <Button
            icon={original === 'off' ? 'split' : 'close'}
            onClick={() => setOriginal(before => (before === 'off' ? 'loading' : 'off'))}
          >
            {original === 'off' ? 'Compare with the original' : 'Hide the original'}
          </Button>
        )}
        <p role="status" className="text-sm text-ink-soft">
          {hint(comparable, original, image)}
        </p>
      </div>
    </section>
  )
}

function hint(comparable: boolean, original: Original, image: Image): string {
  if (!comparable) return 'A crop of the original, so it is shown alone.'
  if (original === 'loading') return 'Loading the original…'
  if (original === 'shown' || original === 'off') return ''
  const type = image.content_type === null ? 'this type' : typeName(image.content_type)
  return `The original is not shown: this browser cannot display ${type}, or it is no longer kept.`
}
