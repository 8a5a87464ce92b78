import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../app/api.ts'
import { useProject } from '../projects/project.tsx'
import { type SheetFilter, type SheetPage, toSheetItem } from './sheet.ts'
import { PAGE, sheetKey } from './sheet-cache.ts'

const firstPage: string | undefined = undefined

/** The contact sheet, page by page. It is kept fresh by events, so it is never fetched again as a whole. */
export function useSheet(filter: SheetFilter) {
  const projectId = useProject().id
  const query = useInfiniteQuery({
    queryKey: sheetKey(projectId, filter),
    initialPageParam: firstPage,
    queryFn: async ({ pageParam: cursor, signal }): Promise<SheetPage> => {
      const { items, next_cursor } = await api.images.page({ projectId, ...filter, cursor, limit: PAGE, signal })
      return { items: items.map(toSheetItem), nextCursor: next_cursor }
    },
    getNextPageParam: page => page.nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // Of this project only: pictures of another one would look like its own.
    placeholderData: (previous, query) => (query?.queryKey[1] === projectId ? previous : undefined),
  })
  const items = useMemo(() => query.data?.pages.flatMap(page => page.items) ?? [], [query.data])
  return { ...query, items }
}
