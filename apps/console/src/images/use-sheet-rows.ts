import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect } from 'react'
import { useReturnTo } from './sheet-place.ts'
import type { Layout } from './tile-size.ts'

interface SheetRows {
  scroller: RefObject<HTMLElement | null>
  layout: Layout
  rows: number
  activeRow: number
  hasMore: boolean
  onNeedMore: () => void
}

const AHEAD_ROWS = 6

/** The rows that are in the page: those in view, some around them, and the one that the keyboard is on. */
export function useSheetRows({ scroller, layout, rows, activeRow, hasMore, onNeedMore }: SheetRows) {
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => layout.rowHeight,
    overscan: 3,
    paddingStart: layout.padding,
    paddingEnd: layout.padding,
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
  useEffect(() => virtual.measure(), [layout.rowHeight, virtual])

  const lastSeen = virtual.range?.endIndex ?? 0
  useEffect(() => {
    if (hasMore && lastSeen >= rows - AHEAD_ROWS) onNeedMore()
  }, [hasMore, lastSeen, rows, onNeedMore])
  return virtual
}
