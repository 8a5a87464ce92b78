import { Link } from '@tanstack/react-router'
import { type MouseEvent, memo } from 'react'
import { IconButton } from '../design/button.tsx'
import { StatusMark, statusEdge } from '../design/status-mark.tsx'
import { failureOf } from '../words/failures.ts'
import { formatBytes, formatPercent } from '../words/numbers.ts'
import { BinWell } from './bin-well.tsx'
import { Caption, Cell, Well } from './cell.tsx'
import { nameOfItem } from './entries.ts'
import type { SheetItem } from './sheet.ts'
import { TilePicture } from './tile-picture.tsx'
import type { TileSize } from './tile-size.ts'

interface ImageTileProps {
  item: SheetItem
  size: TileSize
  column: number
  characters: number
  active: boolean
  selected: boolean
  /** With something selected, a plain click selects too. */
  selecting: boolean
  actions: TileActions
}

export interface TileActions {
  activate: (key: string) => void
  toggle: (id: string) => void
  extend: (id: string) => void
  restore: (id: string) => void
}

/** Drawn again only for what concerns it: scrolling passes over hundreds of tiles. */
export const ImageTile = memo(function ImageTile(props: ImageTileProps) {
  const { item, size, column, characters, active, selected, selecting, actions } = props
  const onClick = (event: MouseEvent) => {
    if (!event.shiftKey && (!selecting || event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    if (event.shiftKey) actions.extend(item.id)
    else actions.toggle(item.id)
  }
  return (
    <Cell
      entryKey={item.id}
      name={nameOfItem(item)}
      column={column}
      status={item.status}
      active={active}
      selected={selected}
      onFocus={() => actions.activate(item.id)}
    >
      <Link
        to="/images/$imageId"
        params={{ imageId: item.id }}
        tabIndex={-1}
        aria-label={`Open ${item.name}`}
        className="select-none"
        draggable={false}
        onClick={onClick}
      >
        {item.status === 'deleted' ? (
          <BinWell large={size === 'large'} purgeAt={item.purgeAt} />
        ) : (
          <Well
            large={size === 'large'}
            edge={
              <div
                className={`h-[3px] ${statusEdge[item.status]} ${item.status === 'processing' ? 'animate-breathe' : ''}`}
              />
            }
          >
            <TilePicture item={item} size={size} />
            {item.failure !== null && <Reason failure={item.failure} />}
          </Well>
        )}
        <Caption name={item.name} characters={characters}>
          <StatusMark status={item.status} />
          <Figures item={item} />
        </Caption>
      </Link>
      {item.status === 'deleted' && !selecting && (
        <IconButton
          small
          icon="restore"
          label={`Restore ${item.name}`}
          tabIndex={active ? 0 : -1}
          onClick={() => actions.restore(item.id)}
          className="absolute top-1.5 right-1.5 bg-sheet transition-opacity duration-100 pointer-fine:opacity-0 pointer-fine:group-focus-within:opacity-100 pointer-fine:group-hover:opacity-100"
        />
      )}
      <input
        type="checkbox"
        aria-label={`Select ${item.name}`}
        tabIndex={active ? 0 : -1}
        checked={selected}
        onChange={() => actions.toggle(item.id)}
        onClick={event => {
          if (!event.shiftKey) return
          event.preventDefault()
          actions.extend(item.id)
        }}
        className={`absolute top-2 left-2 size-6 accent-amber transition-opacity duration-100 before:absolute before:-inset-2 ${selecting ? '' : 'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:hidden'}`}
      />
    </Cell>
  )
})

function Figures({ item: { sizeBytes, fullBytes, savedPercent } }: { item: SheetItem }) {
  if (fullBytes === null || savedPercent === null) {
    return sizeBytes === null ? null : (
      <span className="figures text-ink-soft max-sm:hidden">{formatBytes(sizeBytes)}</span>
    )
  }
  return (
    <span className="figures flex min-w-0 gap-2 text-ink-soft">
      <span className="truncate max-sm:hidden">{formatBytes(fullBytes)}</span>
      <span className="shrink-0 text-ink">
        {savedPercent < 0 ? `+${formatPercent(-savedPercent)}` : `−${formatPercent(savedPercent)}`}
      </span>
    </span>
  )
}

function Reason({ failure }: { failure: NonNullable<SheetItem['failure']> }) {
  const { title, detail } = failureOf(failure.code, failure.detail)
  return (
    <div className="absolute inset-0 flex flex-col justify-end overflow-hidden bg-sheet/92 p-2.5 pb-3.5 text-left">
      <p className="text-sm leading-4 font-medium">{title}</p>
      <p className="mt-1 line-clamp-5 text-xs text-ink-soft max-sm:line-clamp-2">{detail}</p>
    </div>
  )
}
