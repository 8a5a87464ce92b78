import { useNavigate } from '@tanstack/react-router'
import { type Dispatch, type KeyboardEvent, type RefObject, useEffect, useRef } from 'react'
import type { Entry } from './entries.ts'
import { moveInGrid } from './grid-keys.ts'
import type { Selection, SelectionAction } from './selection.ts'
import { place } from './sheet-place.ts'
import type { Layout } from './tile-size.ts'

interface SheetKeys {
  entries: readonly Entry[]
  /** Ids of the images among them. */
  order: readonly string[]
  active: number
  activate: (key: string) => void
  scroller: RefObject<HTMLElement | null>
  layout: Layout
  scrollToRow: (row: number) => void
  selection: Selection
  onSelect: Dispatch<SelectionAction>
  onDelete: (ids: readonly string[]) => void
  onRestore: (ids: readonly string[]) => void
  onCancelUpload: (key: string) => void
}

/** The light table by keyboard alone. */
export function useSheetKeys(sheet: SheetKeys): (event: KeyboardEvent) => void {
  const { entries, order, active, scroller, layout, selection, onSelect } = sheet
  const navigate = useNavigate()
  const wanted = useFocusWhenThere(scroller)

  const move = (event: KeyboardEvent): boolean => {
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / layout.rowHeight))
    const grid = { count: entries.length, columns: layout.columns, pageRows }
    const index = moveInGrid(active, event.key, grid, event.ctrlKey || event.metaKey)
    const to = index === null ? undefined : entries[index]
    if (index === null || to === undefined) return false
    if (event.shiftKey && to.kind === 'image') {
      const from = entries[active]
      if (selection.anchor === null && from?.kind === 'image') onSelect({ do: 'toggle', id: from.key })
      onSelect({ do: 'extend', id: to.key, order })
    }
    wanted.current = to.key
    sheet.activate(to.key)
    sheet.scrollToRow(Math.floor(index / layout.columns))
    return true
  }

  const remove = (entry: Entry) => {
    if (selection.ids.size > 0) sheet.onDelete([...selection.ids])
    else if (entry.kind === 'image') sheet.onDelete([entry.key])
    else sheet.onCancelUpload(entry.key)
  }

  const restore = (entry: Entry) => {
    if (entry.kind === 'image' && entry.item.status === 'deleted') {
      sheet.onRestore(selection.ids.size > 0 ? [...selection.ids] : [entry.key])
    }
  }

  return event => {
    const entry = entries[active]
    if (entry === undefined) return
    // Buttons, links and checkboxes within a tile keep Enter and Space for themselves.
    const onControl = event.target instanceof Element && event.target.closest('button, input, a') !== null
    if (move(event)) event.preventDefault()
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) onSelect({ do: 'all', order })
    else if (event.key === 'Escape') onSelect({ do: 'clear' })
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(entry)
    else if (event.key === 'r' && !event.ctrlKey && !event.metaKey && !event.altKey) restore(entry)
    else if (onControl || entry.kind === 'upload') return
    else if (event.key === ' ') onSelect({ do: 'toggle', id: entry.key })
    else if (event.key === 'Enter') void navigate({ to: '/images/$imageId', params: { imageId: entry.key } })
    else return
    event.preventDefault()
  }
}

/** The tile may come into the page only after some paints: looks after each one until it is there. */
function useFocusWhenThere(scroller: RefObject<HTMLElement | null>) {
  const wanted = useRef(place.returning ? place.activeKey : null)
  useEffect(() => {
    if (wanted.current === null) return
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(wanted.current)}"]`)
    if (!cell) return
    cell.focus({ preventScroll: true })
    wanted.current = null
    place.returning = false
  })
  return wanted
}
