import { type Dispatch, type RefObject, useCallback, useMemo, useState } from 'react'
import type { Entry } from './entries.ts'
import { ImageTile, type TileActions } from './image-tile.tsx'
import { isSelecting, type Selection, type SelectionAction } from './selection.ts'
import { place } from './sheet-place.ts'
import { layoutFor, useTileSize } from './tile-size.ts'
import { UploadTile } from './upload-tile.tsx'
import { useSheetKeys } from './use-sheet-keys.ts'
import { useSheetRows } from './use-sheet-rows.ts'

interface ContactSheetProps {
  entries: readonly Entry[]
  scroller: RefObject<HTMLDivElement | null>
  width: number
  hasMore: boolean
  onNeedMore: () => void
  selection: Selection
  onSelect: Dispatch<SelectionAction>
  onDelete: (ids: readonly string[]) => void
  onRestore: (ids: readonly string[]) => void
  onCancelUpload: (key: string) => void
}

export function ContactSheet(props: ContactSheetProps) {
  const { entries, scroller, width, hasMore, onNeedMore, selection, onSelect, onDelete, onRestore, onCancelUpload } =
    props
  const size = useTileSize()
  const layout = layoutFor(width, size)
  const { columns, characters } = layout
  const rows = Math.ceil(entries.length / columns)
  const [activeKey, setActiveKey] = useState(place.activeKey)
  const order = useMemo(() => entries.flatMap(({ kind, key }) => (kind === 'image' ? [key] : [])), [entries])
  const active = Math.max(
    0,
    entries.findIndex(({ key }) => key === activeKey),
  )
  const activeRow = Math.floor(active / columns)
  const activate = useCallback((key: string) => {
    place.activeKey = key
    setActiveKey(key)
  }, [])
  const virtual = useSheetRows({ scroller, layout, rows, activeRow, hasMore, onNeedMore })
  const scrollToRow = (row: number) => virtual.scrollToIndex(row)
  const onKeyDown = useSheetKeys({
    ...{ entries, order, active, activate, scroller, layout, scrollToRow },
    ...{ selection, onSelect, onDelete, onRestore, onCancelUpload },
  })
  const actions = useMemo<TileActions>(
    () => ({
      activate,
      toggle: id => onSelect({ do: 'toggle', id }),
      extend: id => onSelect({ do: 'extend', id, order }),
      restore: id => onRestore([id]),
    }),
    [activate, onSelect, onRestore, order],
  )

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
            gap: layout.gap,
            insetInline: layout.padding,
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          }}
        >
          {entries.slice(row.index * columns, (row.index + 1) * columns).map((entry, column) => {
            const isActive = row.index * columns + column === active
            if (entry.kind === 'upload') {
              const onFocus = () => activate(entry.key)
              return (
                <UploadTile
                  key={entry.key}
                  upload={entry.upload}
                  active={isActive}
                  onFocus={onFocus}
                  {...{ size, column, characters }}
                />
              )
            }
            return (
              <ImageTile
                key={entry.key}
                item={entry.item}
                active={isActive}
                selected={selection.ids.has(entry.key)}
                selecting={isSelecting(selection)}
                actions={actions}
                {...{ size, column, characters }}
              />
            )
          })}
        </div>
      ))}
    </div>
  )
}
