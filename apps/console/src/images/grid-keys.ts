export interface Grid {
  count: number
  columns: number
  /** Rows that are in view, for Page Up and Page Down. */
  pageRows: number
}

/** Where an arrow key leads, by the rules of the ARIA grid pattern; null for keys that do not move. */
export function moveInGrid(
  from: number,
  key: string,
  { count, columns, pageRows }: Grid,
  control = false,
): number | null {
  if (count === 0) return null
  const column = from % columns
  const rowStart = from - column
  const to = (index: number) => Math.max(0, Math.min(count - 1, index))
  switch (key) {
    case 'ArrowRight':
      return to(from + 1)
    case 'ArrowLeft':
      return to(from - 1)
    case 'ArrowDown':
      return from + columns < count ? from + columns : lastRowOrSame(from, count, columns)
    case 'ArrowUp':
      return from - columns >= 0 ? from - columns : from
    case 'Home':
      return control ? 0 : rowStart
    case 'End':
      return control ? count - 1 : to(rowStart + columns - 1)
    case 'PageDown':
      return to(from + columns * pageRows)
    case 'PageUp':
      return Math.max(column, from - columns * pageRows)
    default:
      return null
  }
}

/** Down from above a short last row leads to its end. */
function lastRowOrSame(from: number, count: number, columns: number): number {
  const lastRow = Math.floor((count - 1) / columns)
  return Math.floor(from / columns) < lastRow ? count - 1 : from
}
