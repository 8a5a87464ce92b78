/** The ids with one of them at another place; places beyond the ends are the ends. */
export function movedTo(ids: readonly string[], id: string, to: number): readonly string[] {
  const from = ids.indexOf(id)
  if (from === -1) return ids
  const place = Math.max(0, Math.min(ids.length - 1, to))
  return place === from ? ids : ids.toSpliced(from, 1).toSpliced(place, 0, id)
}
