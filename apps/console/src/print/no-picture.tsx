import type { Image, ImageStatus } from '@calotype/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMay } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { placeholderUrl } from '../delivery/thumbhash.ts'
import { Button } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { putImage } from '../images/sheet-cache.ts'
import { useUploads } from '../uploads/uploads.tsx'
import { failureOf, failureOfError } from '../words/failures.ts'
import { DeletedPicture } from './deleted-picture.tsx'

const waiting: Partial<Record<ImageStatus, { title: string; text: string }>> = {
  pending_upload: {
    title: 'Expecting the original',
    text: 'An upload URL was given out; the photo appears here once it was put there.',
  },
  uploaded: { title: 'Waiting for its turn', text: 'The original is stored safely. Processing begins by itself.' },
  processing: {
    title: 'Making the variants',
    text: 'This takes a moment. The page shows them as soon as they are there.',
  },
}

/** In place of the picture: what is being waited for, or why there is none. */
export function NoPicture({ image }: { image: Image }) {
  const { previews } = useUploads()
  const sent = image.status === 'failed' || image.status === 'deleted' ? null : previews.of(image.id)
  const placeholder = image.placeholder === null ? null : placeholderUrl(image.placeholder.thumbhash)
  const background = sent ?? placeholder
  return (
    <section
      aria-label="Picture"
      className="relative grid h-[min(62dvh,90vw)] min-h-80 place-items-center overflow-hidden rounded-sm bg-well p-6"
    >
      {background !== null && (
        <img src={background} alt="" className="absolute inset-0 size-full object-contain opacity-40" />
      )}
      <div className="relative max-w-md rounded-md bg-sheet p-6 shadow-float">
        {image.status === 'failed' && image.failure !== null ? (
          <Failed image={image} code={image.failure.code} detail={image.failure.detail} />
        ) : image.status === 'deleted' ? (
          <DeletedPicture image={image} />
        ) : (
          <>
            <h2 className="flex items-center gap-2 font-medium">
              {image.status === 'processing' && (
                <span className="text-amber-ink animate-breathe">
                  <Icon name="hourglass" />
                </span>
              )}
              {waiting[image.status]?.title}
            </h2>
            <p className="mt-1 text-ink-soft">{waiting[image.status]?.text}</p>
          </>
        )}
      </div>
    </section>
  )
}

function Failed({ image, code, detail }: { image: Image; code: string; detail: string }) {
  const client = useQueryClient()
  const failure = failureOf(code, detail)
  const mayRetry = useMay('image.write')
  const retry = useMutation({
    mutationFn: () => api.images.retry(image.id),
    onSuccess: fresh => putImage(client, fresh),
  })
  return (
    <div role="alert">
      <h2 className="flex items-center gap-2 font-medium">
        <span className="text-red-ink">
          <Icon name="warning" />
        </span>
        {failure.title}
      </h2>
      <p className="mt-1 text-ink-soft">{failure.detail}</p>
      {failure.canRetry ? (
        mayRetry && (
          <Button
            look="primary"
            icon="retry"
            className="mt-4"
            disabled={retry.isPending}
            onClick={() => retry.mutate()}
          >
            {retry.isPending ? 'Trying again…' : 'Try again'}
          </Button>
        )
      ) : (
        <p className="mt-3 text-sm text-ink-soft">
          The same file would fail again: upload another one, then delete this entry.
        </p>
      )}
      {retry.error !== null && <p className="mt-3 text-sm text-red-ink">{failureOfError(retry.error).detail}</p>}
      <p className="figures mt-4 text-xs text-ink-faint">{code}</p>
    </div>
  )
}
