export interface Selection {
  ids: ReadonlySet<string>
  /** Where a range begins. */
  anchor: string | null
}

export type SelectionAction =
  | { do: 'toggle'; id: string }
  | { do: 'extend'; id: string; order: readonly string[] }
  | { do: 'all'; order: readonly string[] }
  | { do: 'drop'; ids: readonly string[] }
  | { do: 'clear' }

export const nothingSelected: Selection = { ids: new Set(), anchor: null }

export function select(selection: Selection, action: SelectionAction): Selection {
  switch (action.do) {
    case 'toggle': {
      const ids = new Set(selection.ids)
      if (!ids.delete(action.id)) ids.add(action.id)
      return { ids, anchor: action.id }
    }
    case 'extend':
      return extend(selection, action.id, action.order)
    case 'all':
      return { ids: new Set(action.order), anchor: selection.anchor }
    case 'drop': {
      const gone = new Set(action.ids)
      return { ...selection, ids: new Set([...selection.ids].filter(id => !gone.has(id))) }
    }
    case 'clear':
      return nothingSelected
  }
}

/** From the anchor to here; the anchor stays, so that the range can be drawn in again. */
function extend(selection: Selection, id: string, order: readonly string[]): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor)
  const to = order.indexOf(id)
  if (to === -1) return selection
  if (from === -1) return { ids: new Set([...selection.ids, id]), anchor: id }
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { ids: new Set([...selection.ids, ...range]), anchor: selection.anchor }
}
