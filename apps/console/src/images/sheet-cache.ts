import type { Calotype, Image, ImageStatusEvent } from '@calotype/sdk'
import { type InfiniteData, type QueryClient, type QueryKey, queryOptions } from '@tanstack/react-query'
import {
  findItem,
  isBin,
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

export const sheetKey = (projectId: string, filter: SheetFilter) => [sheets, projectId, filter] as const

/** What is not followed any more would grow old unseen. */
export const forgetOtherSheets = (client: QueryClient, projectId: string): void =>
  client.removeQueries({ queryKey: [sheets], predicate: ({ queryKey }) => queryKey[1] !== projectId })

/** The last part of each sheet's key is its filter: only sheetKey makes them. */
const filterOf = (key: QueryKey): SheetFilter => key[2] as SheetFilter

export const imageKey = (id: string) => ['image', id] as const

export const imageQuery = (api: Calotype, id: string) =>
  queryOptions({ queryKey: imageKey(id), queryFn: ({ signal }) => api.images.get(id, { signal }) })

/** Null: of every project. */
function changeSheets(
  client: QueryClient,
  projectId: string | null,
  change: (pages: readonly SheetPage[], filter: SheetFilter) => readonly SheetPage[],
): void {
  for (const [key, data] of client.getQueriesData<SheetData>({
    queryKey: projectId === null ? [sheets] : [sheets, projectId],
  })) {
    if (data === undefined) continue
    const pages = change(data.pages, filterOf(key))
    if (pages !== data.pages) client.setQueryData<SheetData>(key, { ...data, pages: [...pages] })
  }
}

/** A fresh state of an image, everywhere it is shown. */
export function putImage(client: QueryClient, image: Image): void {
  const item = toSheetItem(image)
  changeSheets(client, image.project_id, (pages, filter) => putItem(pages, item, filter))
  const key = imageKey(image.id)
  if (client.getQueryData(key) !== undefined) client.setQueryData(key, image)
}

export function putItems(client: QueryClient, projectId: string, items: readonly SheetItem[]): void {
  changeSheets(client, projectId, (pages, filter) =>
    items.reduce((changed, item) => putItem(changed, item, filter), pages),
  )
}

export function dropImages(client: QueryClient, ids: readonly string[]): void {
  const gone = new Set(ids)
  changeSheets(client, null, pages => removeItems(pages, gone))
  for (const id of ids) void client.invalidateQueries({ queryKey: imageKey(id) })
}

/** Something was put into the bin, by whomever: what is open is looked at again, the rest when it is opened. */
export const refreshBin = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: [sheets], predicate: ({ queryKey }) => isBin(filterOf(queryKey)) })

/** What an event alone can tell is shown at once; the rest is fetched. */
export function putStatus(client: QueryClient, { image_id, project_id, status, failure }: ImageStatusEvent): void {
  changeSheets(client, project_id, (pages, filter) => {
    const known = findItem(pages, image_id)
    return known === undefined ? pages : putItem(pages, { ...known, status, failure }, filter)
  })
}
