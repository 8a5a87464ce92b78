import type { ReactNode } from 'react'
import { shortenName } from './entries.ts'

interface CellProps {
  entryKey: string
  name: string
  column: number
  status: string
  active: boolean
  selected: boolean
  onFocus: () => void
  children: ReactNode
}

/** One place of the grid: the only tab stop is the active one, and what is inside is reached from it. */
export function Cell({ entryKey, name, column, status, active, selected, onFocus, children }: CellProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid of tiles is no table
    <div
      role="gridcell"
      aria-label={name}
      aria-colindex={column + 1}
      aria-selected={selected}
      tabIndex={active ? 0 : -1}
      data-key={entryKey}
      data-status={status}
      onFocus={onFocus}
      className={`group relative flex min-w-0 flex-col rounded-sm outline-offset-4 ${selected ? 'ring-2 ring-amber ring-offset-4 ring-offset-ground' : ''}`}
    >
      {children}
    </div>
  )
}

/** The well that a picture lies in, with its status as a thin edge below. */
export function Well({ large, edge, children }: { large: boolean; edge: ReactNode; children?: ReactNode }) {
  return (
    <div className={`relative overflow-hidden rounded-t-sm bg-well ${large ? 'aspect-[4/3]' : 'aspect-square'}`}>
      {children}
      <div className="absolute inset-x-0 bottom-0">{edge}</div>
    </div>
  )
}

export function Caption({ name, characters, children }: { name: string; characters: number; children: ReactNode }) {
  return (
    <div aria-hidden="true" className="pt-1.5">
      <p className="truncate text-sm" title={name}>
        {shortenName(name, characters)}
      </p>
      <p className="flex items-center justify-between gap-2 text-xs">{children}</p>
    </div>
  )
}
