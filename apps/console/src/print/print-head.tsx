import type { Image } from '@calotype/sdk'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useMay, useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Button, buttonClass } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { StatusMark } from '../design/status-mark.tsx'
import { DeleteImages } from '../images/delete-images.tsx'
import { mayDelete } from '../images/rights.ts'
import { place } from '../images/sheet-place.ts'
import { formatBytes, formatSaving } from '../words/numbers.ts'

/** The name, what came of it in one line, and what can be done with it. */
export function PrintHead({ image }: { image: Image }) {
  const [deleting, setDeleting] = useState(false)
  const navigate = useNavigate()
  const heading = useRef<HTMLHeadingElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  // Coming here is a change of place: screen readers and the keyboard start at its name.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  const me = useMe()
  const mayReadOriginal = useMay('image.read_private')
  const isThere = image.status !== 'deleted'
  return (
    <header className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 ref={heading} tabIndex={-1} className="text-lg font-medium break-words outline-none">
          {image.file_name}
        </h1>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm" data-status={image.status}>
          <span role="status">
            <StatusMark status={image.status} />
          </span>
          <Outcome image={image} />
        </p>
      </div>
      {isThere && (
        <div className="flex gap-2">
          {mayReadOriginal && image.status !== 'pending_upload' && (
            <a
              href={api.images.fileUrl(image.id, { variant: 'original' })}
              download={image.file_name}
              className={buttonClass('plain')}
            >
              <Icon name="download" /> Download original
            </a>
          )}
          {mayDelete(me, image.uploaded_by.id) && (
            <Button ref={opener} icon="trash" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
        </div>
      )}
      <DeleteImages
        ids={deleting ? [image.id] : []}
        onClose={() => setDeleting(false)}
        onReturn={() => opener.current?.focus()}
        onDeleted={() => void navigate({ to: '/', search: place.filter })}
      />
    </header>
  )
}

function Outcome({ image: { size_bytes, saved_percent, variants } }: { image: Image }) {
  if (size_bytes === null) return null
  const sizes = variants.filter(({ name }) => name === 'full').map(variant => variant.size_bytes)
  if (sizes.length === 0 || saved_percent === null)
    return <span className="figures text-ink-soft">{formatBytes(size_bytes)}</span>
  return (
    <span className="figures text-ink-soft">
      {formatBytes(size_bytes)}
      <span className="mx-1.5 inline-block align-middle">
        <Icon name="to" size={12} />
        <span className="sr-only">to</span>
      </span>
      <span className="text-ink">{formatBytes(Math.min(...sizes))}</span> · {formatSaving(saved_percent)}
    </span>
  )
}
