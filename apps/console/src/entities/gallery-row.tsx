import type { GalleryItem } from '@calotype/sdk'
import { Link } from '@tanstack/react-router'
import { useLayoutEffect, useRef, useState } from 'react'
import { ownAddress } from '../delivery/signed-urls.ts'
import { IconButton } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'

interface GalleryRowProps {
  item: GalleryItem
  place: { index: number; last: number }
  mayWrite: boolean
  onMove: (to: number) => void
  onDrag: (id: string | null) => void
  onDropped: () => void
  onPrimary: () => void
  onCaption: (caption: string | null) => void
  onRemove: () => void
}

/** One picture of a gallery: dragged to its place, or moved by its buttons. */
export function GalleryRow(props: GalleryRowProps) {
  const { item, place, mayWrite, onMove, onDrag, onDropped } = props
  const name = item.caption ?? item.image.file_name
  const row = useRef<HTMLLIElement>(null)
  const pressed = useRef<string | null>(null)
  // A row that moves loses the focus: it comes back to the button that moved it, or to its other one at an end.
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each move
  useLayoutEffect(() => {
    if (pressed.current === null) return
    const buttons = [...(row.current?.querySelectorAll<HTMLButtonElement>('[data-move]:not(:disabled)') ?? [])]
    const wanted = buttons.find(button => button.dataset.move === pressed.current) ?? buttons[0]
    wanted?.focus()
    pressed.current = null
  }, [place.index])
  const press = (direction: 'earlier' | 'later', to: number) => {
    pressed.current = direction
    onMove(to)
  }
  return (
    <li
      ref={row}
      draggable={mayWrite}
      onDragStart={event => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', item.image_id)
        onDrag(item.image_id)
      }}
      onDragEnd={() => onDrag(null)}
      onDragOver={event => {
        if (!event.dataTransfer.types.includes('Files')) event.preventDefault()
      }}
      onDrop={event => {
        if (event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        onDropped()
      }}
      className="flex flex-wrap items-center gap-3 py-2"
    >
      <Thumb item={item} name={name} />
      <div className="min-w-0 grow basis-40">
        {mayWrite ? (
          <Caption key={item.caption} item={item} onCaption={props.onCaption} />
        ) : (
          <p className="text-sm">{name}</p>
        )}
        <p className="mt-0.5 truncate text-xs text-ink-soft">
          {item.image.file_name}
          {item.primary && (
            <span className="ml-2 inline-flex items-center gap-1 text-amber-ink">
              <Icon name="check" size={12} /> heads the gallery
            </span>
          )}
        </p>
      </div>
      {mayWrite && (
        <span className="flex">
          <IconButton
            icon="previous"
            label={`Move ${name} earlier`}
            data-move="earlier"
            disabled={place.index === 0}
            onClick={() => press('earlier', place.index - 1)}
            className="rotate-90"
          />
          <IconButton
            icon="next"
            label={`Move ${name} later`}
            data-move="later"
            disabled={place.index === place.last}
            onClick={() => press('later', place.index + 1)}
            className="rotate-90"
          />
          <IconButton
            icon="large"
            label={`Let ${name} head the gallery`}
            disabled={item.primary}
            onClick={props.onPrimary}
          />
          <IconButton icon="trash" label={`Remove ${name}`} onClick={props.onRemove} />
        </span>
      )}
    </li>
  )
}

function Thumb({ item, name }: { item: GalleryItem; name: string }) {
  return (
    <Link
      to="/images/$imageId"
      params={{ imageId: item.image_id }}
      aria-label={`Open ${name}`}
      draggable={false}
      className="grid size-16 shrink-0 place-items-center overflow-hidden rounded-sm bg-well text-ink-faint"
    >
      {item.download_url === null ? (
        <Icon name={item.image.status === 'failed' ? 'warning' : 'hourglass'} />
      ) : (
        <img src={ownAddress(item.download_url)} alt="" draggable={false} className="size-full object-cover" />
      )}
    </Link>
  )
}

/** Saved when one leaves it or presses Enter; Escape takes it back. */
function Caption({ item, onCaption }: { item: GalleryItem; onCaption: (caption: string | null) => void }) {
  const kept = item.caption ?? ''
  const [text, setText] = useState(kept)
  const save = () => text.trim() !== kept && onCaption(text.trim() === '' ? null : text.trim())
  return (
    <input
      value={text}
      aria-label={`Caption of ${item.image.file_name}`}
      placeholder="Caption"
      maxLength={1000}
      onChange={event => setText(event.target.value)}
      onBlur={save}
      onKeyDown={event => {
        if (event.key === 'Enter') event.currentTarget.blur()
        if (event.key === 'Escape') setText(kept)
      }}
      className="h-8 w-full rounded-sm border border-line bg-sheet px-2 text-sm text-ink placeholder:text-ink-faint"
    />
  )
}
