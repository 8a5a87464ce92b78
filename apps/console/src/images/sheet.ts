import type { Image, ImageStatus } from '@calotype/sdk'

/** What a tile needs of an image: a hundred thousand whole records would fill the memory of a phone. */
export interface SheetItem {
  id: string
  name: string
  status: ImageStatus
  sizeBytes: number | null
  /** The smallest `full`. */
  fullBytes: number | null
  savedPercent: number | null
  thumbhash: string | null
  color: string | null
  failure: Image['failure']
  uploadedBy: string
  /** Of a deleted one: when it goes for good. */
  purgeAt: string | null
}

export interface SheetFilter {
  status?: ImageStatus | undefined
  q?: string | undefined
}

export interface SheetPage {
  items: readonly SheetItem[]
  nextCursor: string | null
}

export function toSheetItem(image: Image): SheetItem {
  const sizes = image.variants.filter(({ name }) => name === 'full').map(({ size_bytes }) => size_bytes)
  return {
    id: image.id,
    name: image.file_name,
    status: image.status,
    sizeBytes: image.size_bytes,
    fullBytes: sizes.length === 0 ? null : Math.min(...sizes),
    savedPercent: image.saved_percent,
    thumbhash: image.placeholder?.thumbhash ?? null,
    color: image.placeholder?.color ?? null,
    failure: image.failure,
    uploadedBy: image.uploaded_by.id,
    purgeAt: image.purge_at,
  }
}

/** What was deleted lies in a place of its own. */
export const isBin = ({ status }: SheetFilter): boolean => status === 'deleted'

export function matches(item: SheetItem, { status, q }: SheetFilter): boolean {
  if (status === undefined ? item.status === 'deleted' : item.status !== status) return false
  return q === undefined || item.name.toLowerCase().includes(q.toLowerCase())
}

/** Puts a fresh state of an image where it belongs: replaced in place, taken out, or sorted in, newest first. */
export function putItem(pages: readonly SheetPage[], item: SheetItem, filter: SheetFilter): readonly SheetPage[] {
  const holder = pages.findIndex(({ items }) => items.some(({ id }) => id === item.id))
  const fits = matches(item, filter)
  if (holder >= 0) {
    const swap = (items: readonly SheetItem[]) =>
      fits ? items.map(old => (old.id === item.id ? item : old)) : items.filter(({ id }) => id !== item.id)
    return pages.map((page, index) => (index === holder ? { ...page, items: swap(page.items) } : page))
  }
  if (!fits) return pages
  return insert(pages, item)
}

/** Ids are ULIDs: their order is that of their making. What is older than all that is loaded comes with its page. */
function insert(pages: readonly SheetPage[], item: SheetItem): readonly SheetPage[] {
  const at = pages.findIndex(({ items, nextCursor }) => {
    const last = items.at(-1)
    return nextCursor === null || (last !== undefined && last.id < item.id)
  })
  return pages.map((page, index) => {
    if (index !== at) return page
    const before = page.items.findIndex(({ id }) => id < item.id)
    const position = before === -1 ? page.items.length : before
    return { ...page, items: page.items.toSpliced(position, 0, item) }
  })
}

export function removeItems(pages: readonly SheetPage[], gone: ReadonlySet<string>): readonly SheetPage[] {
  return pages.map(page => {
    const items = page.items.filter(({ id }) => !gone.has(id))
    return items.length === page.items.length ? page : { ...page, items }
  })
}

export const findItem = (pages: readonly SheetPage[], id: string): SheetItem | undefined =>
  pages.flatMap(({ items }) => items.filter(item => item.id === id))[0]
