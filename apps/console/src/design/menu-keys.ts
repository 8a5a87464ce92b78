/** Where a key leads among the items of a menu; null for keys that do not move. Ends meet; a letter goes to the next name with it. */
export function moveInMenu(from: number, key: string, names: readonly string[]): number | null {
  const count = names.length
  if (count === 0) return null
  switch (key) {
    case 'ArrowDown':
      return (from + 1) % count
    case 'ArrowUp':
      return from <= 0 ? count - 1 : from - 1
    case 'Home':
      return 0
    case 'End':
      return count - 1
  }
  if ([...key].length !== 1 || key === ' ') return null
  for (let step = 1; step <= count; step++) {
    const at = (Math.max(from, -1) + step) % count
    if (names[at]?.toLowerCase().startsWith(key.toLowerCase())) return at
  }
  return null
}
