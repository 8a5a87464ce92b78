import { useNavigate } from '@tanstack/react-router'
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import {
  type Dispatch,
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { Entry } from './entries.ts'
import { moveInGrid } from './grid-keys.ts'
import { ImageTile } from './image-tile.tsx'
import { isSelecting, type Selection, type SelectionAction } from './selection.ts'
import { place, useReturnTo } from './sheet-place.ts'
import { layoutFor, useTileSize } from './tile-size.ts'
import { UploadTile } from './upload-tile.tsx'

interface ContactSheetProps {
  entries: readonly Entry[]
  scroller: RefObject<HTMLDivElement | null>
  width: number
  hasMore: boolean
  onNeedMore: () => void
  selection: Selection
  onSelect: Dispatch<SelectionAction>
  onDelete: (ids: readonly string[]) => void
  onCancelUpload: (key: string) => void
}

const AHEAD_ROWS = 6

export function ContactSheet(props: ContactSheetProps) {
  const { entries, scroller, width, hasMore, onNeedMore, selection, onSelect, onDelete, onCancelUpload } = props
  const size = useTileSize()
  const { columns, gap, padding, rowHeight, characters } = layoutFor(width, size)
  const rows = Math.ceil(entries.length / columns)
  const [activeKey, setActiveKey] = useState(place.activeKey)
  const wanted = useRef(place.returning ? place.activeKey : null)
  const navigate = useNavigate()
  const order = useMemo(() => entries.flatMap(({ kind, key }) => (kind === 'image' ? [key] : [])), [entries])
  const active = Math.max(
    0,
    entries.findIndex(({ key }) => key === activeKey),
  )
  const activeRow = Math.floor(active / columns)

  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 3,
    paddingStart: padding,
    paddingEnd: padding,
    // The active tile stays in the page while it is out of view, so that the keyboard never loses its place.
    rangeExtractor: useCallback(
      (range: Range) => {
        const seen = defaultRangeExtractor(range)
        return seen.includes(activeRow) || activeRow >= range.count ? seen : [...seen, activeRow].sort((a, b) => a - b)
      },
      [activeRow],
    ),
  })
  useReturnTo(scroller)
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the height of the rows changes
  useEffect(() => virtual.measure(), [rowHeight, virtual])

  const lastSeen = virtual.range?.endIndex ?? 0
  useEffect(() => {
    if (hasMore && lastSeen >= rows - AHEAD_ROWS) onNeedMore()
  }, [hasMore, lastSeen, rows, onNeedMore])

  // After every paint: the tile may only now have come into the page.
  useEffect(() => {
    if (wanted.current === null) return
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(wanted.current)}"]`)
    if (!cell) return
    cell.focus({ preventScroll: true })
    wanted.current = null
    place.returning = false
  })

  const activate = (key: string) => {
    place.activeKey = key
    setActiveKey(key)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target instanceof HTMLElement ? event.target : null
    const onControl = target?.closest('button, input, a') !== null
    const entry = entries[active]
    if (entry === undefined) return
    const control = event.ctrlKey || event.metaKey
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight))
    const to = moveInGrid(active, event.key, { count: entries.length, columns, pageRows }, control)
    const target_ = to === null ? undefined : entries[to]
    if (to !== null && target_ !== undefined) {
      if (event.shiftKey && target_.kind === 'image') {
        if (selection.anchor === null && entry.kind === 'image') onSelect({ do: 'toggle', id: entry.key })
        onSelect({ do: 'extend', id: target_.key, order })
      }
      activate(target_.key)
      wanted.current = target_.key
      virtual.scrollToIndex(Math.floor(to / columns))
    } else if (event.key === 'a' && control) onSelect({ do: 'all', order })
    else if (event.key === 'Escape') onSelect({ do: 'clear' })
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      if (selection.ids.size > 0) onDelete([...selection.ids])
      else if (entry.kind === 'image') onDelete([entry.key])
      else onCancelUpload(entry.key)
    } else if (onControl || entry.kind === 'upload') return
    else if (event.key === ' ') onSelect({ do: 'toggle', id: entry.key })
    else if (event.key === 'Enter') void navigate({ to: '/images/$imageId', params: { imageId: entry.key } })
    else return
    event.preventDefault()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid of tiles is no table
    <div
      role="grid"
      aria-label="Contact sheet"
      aria-multiselectable="true"
      aria-rowcount={hasMore ? -1 : rows}
      aria-colcount={columns}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="relative shrink-0"
      style={{ height: virtual.getTotalSize() }}
    >
      {virtual.getVirtualItems().map(row => (
        // biome-ignore lint/a11y/useSemanticElements: a virtual grid of tiles is no table
        // biome-ignore lint/a11y/useFocusableInteractive: rows of a grid are not focused, their cells are
        <div
          key={row.key}
          role="row"
          aria-rowindex={row.index + 1}
          className="absolute top-0 grid"
          style={{
            transform: `translateY(${row.start}px)`,
            gap,
            insetInline: padding,
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          }}
        >
          {entries.slice(row.index * columns, (row.index + 1) * columns).map((entry, column) => {
            const shared = {
              size,
              column,
              characters,
              active: row.index * columns + column === active,
              onFocus: () => activate(entry.key),
            }
            if (entry.kind === 'upload') return <UploadTile key={entry.key} upload={entry.upload} {...shared} />
            return (
              <ImageTile
                key={entry.key}
                item={entry.item}
                selected={selection.ids.has(entry.key)}
                selecting={isSelecting(selection)}
                onToggle={() => onSelect({ do: 'toggle', id: entry.key })}
                onExtend={() => onSelect({ do: 'extend', id: entry.key, order })}
                {...shared}
              />
            )
          })}
        </div>
      ))}
    </div>
  )
}
