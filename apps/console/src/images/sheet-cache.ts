import type { Calotype, Image, ImageStatusEvent } from '@calotype/sdk'
import { type InfiniteData, type QueryClient, type QueryKey, queryOptions } from '@tanstack/react-query'
import {
  findItem,
  putItem,
  removeItems,
  type SheetFilter,
  type SheetItem,
  type SheetPage,
  toSheetItem,
} from './sheet.ts'

export type SheetData = InfiniteData<SheetPage, string | undefined>

const sheets = 'sheet'
export const PAGE = 100

export const sheetKey = (filter: SheetFilter) => [sheets, filter] as const

/** The second part of each sheet's key is its filter: only sheetKey makes them. */
const filterOf = (key: QueryKey): SheetFilter => key[1] as SheetFilter

export const imageKey = (id: string) => ['image', id] as const

export const imageQuery = (api: Calotype, id: string) =>
  queryOptions({ queryKey: imageKey(id), queryFn: ({ signal }) => api.images.get(id, { signal }) })

function changeSheets(
  client: QueryClient,
  change: (pages: readonly SheetPage[], filter: SheetFilter) => readonly SheetPage[],
): void {
  for (const [key, data] of client.getQueriesData<SheetData>({ queryKey: [sheets] })) {
    if (data === undefined) continue
    const pages = change(data.pages, filterOf(key))
    if (pages !== data.pages) client.setQueryData<SheetData>(key, { ...data, pages: [...pages] })
  }
}

/** A fresh state of an image, everywhere it is shown. */
export function putImage(client: QueryClient, image: Image): void {
  const item = toSheetItem(image)
  changeSheets(client, (pages, filter) => putItem(pages, item, filter))
  const key = imageKey(image.id)
  if (client.getQueryData(key) !== undefined) client.setQueryData(key, image)
}

export function putItems(client: QueryClient, items: readonly SheetItem[]): void {
  changeSheets(client, (pages, filter) => items.reduce((changed, item) => putItem(changed, item, filter), pages))
}

export function dropImages(client: QueryClient, ids: readonly string[]): void {
  const gone = new Set(ids)
  changeSheets(client, pages => removeItems(pages, gone))
  for (const id of ids) void client.invalidateQueries({ queryKey: imageKey(id) })
}

/** What an event alone can tell is shown at once; the rest is fetched. */
export function putStatus(client: QueryClient, { image_id, status, failure }: ImageStatusEvent): void {
  changeSheets(client, (pages, filter) => {
    const known = findItem(pages, image_id)
    return known === undefined ? pages : putItem(pages, { ...known, status, failure }, filter)
  })
}
