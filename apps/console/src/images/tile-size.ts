import { type RefObject, useLayoutEffect, useState, useSyncExternalStore } from 'react'

export type TileSize = 'small' | 'large'

const storageKey = 'calotype-tiles'
const listeners = new Set<() => void>()
let chosen: TileSize = readChosen()

function readChosen(): TileSize {
  try {
    return localStorage.getItem(storageKey) === 'large' ? 'large' : 'small'
  } catch {
    return 'small'
  }
}

export function setTileSize(size: TileSize): void {
  chosen = size
  try {
    localStorage.setItem(storageKey, size)
  } catch {
    // Storage may be forbidden: then the choice holds for this page.
  }
  for (const listener of listeners) listener()
}

export function useTileSize(): TileSize {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => chosen,
  )
}

export interface Layout {
  columns: number
  gap: number
  padding: number
  rowHeight: number
  /** How many characters of a name fit under a tile, about. */
  characters: number
}

const CAPTION = 52
const NARROW = 640
const CHARACTER = 7.4

/** Thumbs are 150 px squares; large tiles hold the whole picture at 4:3. */
export function layoutFor(width: number, size: TileSize): Layout {
  const narrow = width < NARROW
  const [gap, padding] = narrow ? [8, 12] : [16, 24]
  const smallest = size === 'small' ? (narrow ? 108 : 152) : 320
  const inner = Math.max(0, width - 2 * padding)
  const columns = Math.max(1, Math.floor((inner + gap) / (smallest + gap)))
  const tile = (inner - (columns - 1) * gap) / columns
  const picture = size === 'small' ? tile : tile * 0.75
  const rowHeight = Math.round(picture + CAPTION + gap)
  return { columns, gap, padding, rowHeight, characters: Math.floor(tile / CHARACTER) }
}

export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const observed = element.current
    if (observed === null) return
    setWidth(observed.clientWidth)
    const observer = new ResizeObserver(() => setWidth(observed.clientWidth))
    observer.observe(observed)
    return () => observer.disconnect()
  }, [element])
  return width
}
