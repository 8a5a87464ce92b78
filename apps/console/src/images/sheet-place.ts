import { type RefObject, useLayoutEffect, useRef } from 'react'
import type { SheetFilter } from './sheet.ts'

interface Place {
  projectId: string | null
  filter: SheetFilter
  offset: number
  activeKey: string | null
  /** The focus belongs on the active tile again. */
  returning: boolean
  /** Ids as they lay there, newest first. */
  order: readonly string[]
}

/** Where one was on the light table, for coming back from a print and for leafing through. */
export const place: Place = { projectId: null, filter: {}, offset: 0, activeKey: null, returning: false, order: [] }

/** In another project nothing of it means anything. */
export function arriveIn(projectId: string): void {
  if (place.projectId === projectId) return
  Object.assign(place, { projectId, filter: {}, offset: 0, activeKey: null, returning: false, order: [] })
}

export function neighboursOf(id: string): { newer: string | undefined; older: string | undefined } {
  const at = place.order.indexOf(id)
  return at === -1 ? { newer: undefined, older: undefined } : { newer: place.order[at - 1], older: place.order[at + 1] }
}

/** Scrolls to where one was, once: when the sheet has its full height again. */
export function useReturnTo(scroller: RefObject<HTMLElement | null>): void {
  const offset = useRef(place.offset)
  useLayoutEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = offset.current
  }, [scroller])
}
