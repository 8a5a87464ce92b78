export function* inGroupsOf<T>(size: number, items: readonly T[]): Generator<T[], void> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
