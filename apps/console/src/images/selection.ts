export interface Selection {
  /** Asked for with nothing selected yet, as one does on phones. */
  asked: boolean
  ids: ReadonlySet<string>
  /** Where a range begins. */
  anchor: string | null
}

export type SelectionAction =
  | { do: 'toggle'; id: string }
  | { do: 'extend'; id: string; order: readonly string[] }
  | { do: 'all'; order: readonly string[] }
  | { do: 'drop'; ids: readonly string[] }
  | { do: 'ask' }
  | { do: 'clear' }

export const nothingSelected: Selection = { asked: false, ids: new Set(), anchor: null }

export const isSelecting = ({ asked, ids }: Selection): boolean => asked || ids.size > 0

export function select(selection: Selection, action: SelectionAction): Selection {
  switch (action.do) {
    case 'toggle': {
      const ids = new Set(selection.ids)
      if (!ids.delete(action.id)) ids.add(action.id)
      return { ...selection, ids, anchor: action.id }
    }
    case 'extend':
      return extend(selection, action.id, action.order)
    case 'all':
      return { ...selection, ids: new Set(action.order) }
    case 'drop': {
      const gone = new Set(action.ids)
      return { ...selection, asked: false, ids: new Set([...selection.ids].filter(id => !gone.has(id))) }
    }
    case 'ask':
      return { ...selection, asked: true }
    case 'clear':
      return nothingSelected
  }
}

/** From the anchor to here; the anchor stays, so that the range can be drawn in again. */
function extend(selection: Selection, id: string, order: readonly string[]): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor)
  const to = order.indexOf(id)
  if (to === -1) return selection
  if (from === -1) return { ...selection, ids: new Set([...selection.ids, id]), anchor: id }
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { ...selection, ids: new Set([...selection.ids, ...range]) }
}
