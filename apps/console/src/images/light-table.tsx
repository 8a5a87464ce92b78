import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { useMe } from '../access/me.tsx'
import { useProject } from '../projects/project.tsx'
import { useUploadQueue, useUploads } from '../uploads/uploads.tsx'
import { BinBar } from './bin-bar.tsx'
import { ContactSheet } from './contact-sheet.tsx'
import { DeleteImages } from './delete-images.tsx'
import { entriesOf } from './entries.ts'
import { mayDelete } from './rights.ts'
import { isSelecting, nothingSelected, select } from './selection.ts'
import { SelectionBar } from './selection-bar.tsx'
import { isBin, type SheetFilter } from './sheet.ts'
import { arriveIn, place } from './sheet-place.ts'
import { EmptyBin, EmptySheet, NothingFound, SheetError, SheetSkeleton } from './sheet-states.tsx'
import { useWidth } from './tile-size.ts'
import { Toolbar } from './toolbar.tsx'
import { useRestore } from './use-restore.ts'
import { useSheet } from './use-sheet.ts'

const route = getRouteApi('/')

export function LightTable() {
  const me = useMe()
  const project = useProject()
  const { status, q } = route.useSearch()
  const inBin = status === 'deleted'
  const filter = useMemo<SheetFilter>(() => ({ ...(status && { status }), ...(q && { q }) }), [status, q])
  useState(() => arriveIn(project.id))
  const { items, error, isPending, hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage, refetch } =
    useSheet(filter)
  const { uploads } = useUploadQueue()
  const { remove } = useUploads()
  const entries = useMemo(() => {
    const here = uploads.filter(({ projectId }) => projectId === project.id)
    return entriesOf(inBin ? [] : here, items)
  }, [uploads, items, project.id, inBin])
  const [selection, onSelect] = useReducer(select, nothingSelected)
  const [deleting, setDeleting] = useState<readonly string[]>([])
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller)
  const filtered = filter.q !== undefined || filter.status !== undefined
  // Nothing to search in, nothing to choose from.
  const isBare = !isPending && !filtered && entries.length === 0

  useEffect(() => {
    place.order = items.map(({ id }) => id)
    place.filter = filter
  }, [items, filter])
  const deletable = (ids: Iterable<string>): string[] => {
    const theirs = new Set(items.filter(({ uploadedBy }) => !mayDelete(me, uploadedBy)).map(({ id }) => id))
    return [...ids].filter(id => !theirs.has(id))
  }
  useEffect(() => {
    document.title = `${inBin ? 'Bin' : 'Light table'} – Calotype`
    // What was selected there means nothing here.
    onSelect({ do: 'clear' })
  }, [inBin])
  const restore = useRestore().mutate
  const onRestore = useCallback(
    (ids: readonly string[]) => {
      restore(ids)
      onSelect({ do: 'drop', ids })
    },
    [restore],
  )
  const onNeedMore = useCallback(() => {
    if (!isFetchingNextPage && error === null) void fetchNextPage()
  }, [isFetchingNextPage, error, fetchNextPage])

  return (
    <>
      <h1 className="sr-only">{inBin ? 'Bin' : 'Light table'}</h1>
      {isSelecting(selection) ? (
        <SelectionBar
          ids={selection.ids}
          deletable={deletable(selection.ids).length}
          inBin={inBin}
          onRestore={() => onRestore(deletable(selection.ids))}
          onDelete={() => setDeleting(deletable(selection.ids))}
          onClear={() => onSelect({ do: 'clear' })}
        />
      ) : inBin ? (
        <BinBar
          filter={filter}
          count={isPending ? null : items.length}
          hasMore={hasNextPage}
          onSelectMany={() => onSelect({ do: 'ask' })}
        />
      ) : isBare ? null : (
        <Toolbar
          filter={filter}
          count={isPending ? null : items.length}
          hasMore={hasNextPage}
          onSelectMany={() => onSelect({ do: 'ask' })}
        />
      )}
      <div
        ref={scroller}
        onScroll={event => {
          place.offset = event.currentTarget.scrollTop
        }}
        className={`flex min-h-0 grow flex-col overflow-y-auto overscroll-contain ${isPlaceholderData ? 'opacity-60' : ''}`}
      >
        {entries.length > 0 && width > 0 ? (
          <ContactSheet
            entries={entries}
            scroller={scroller}
            width={width}
            hasMore={hasNextPage}
            onNeedMore={onNeedMore}
            selection={selection}
            onSelect={onSelect}
            onDelete={ids => inBin || setDeleting(deletable(ids))}
            onRestore={onRestore}
            onCancelUpload={key => remove([key])}
          />
        ) : (
          <>
            {isPending && <SheetSkeleton width={width} />}
            {!isPending && error === null && <Nothing filter={filter} />}
          </>
        )}
        {error !== null && (
          <SheetError error={error} onRetry={() => void (items.length > 0 ? fetchNextPage() : refetch())} />
        )}
        {isFetchingNextPage && (
          <p role="status" className="pb-8 text-center text-sm text-ink-soft">
            Loading older images…
          </p>
        )}
      </div>
      <DeleteImages
        ids={deleting}
        onClose={() => setDeleting([])}
        onDeleted={ids => {
          onSelect({ do: 'drop', ids })
          setDeleting([])
        }}
        onReturn={() => scroller.current?.querySelector<HTMLElement>('[role=gridcell][tabindex="0"]')?.focus()}
      />
    </>
  )
}

function Nothing({ filter }: { filter: SheetFilter }) {
  if (isBin(filter) && filter.q === undefined) return <EmptyBin />
  return filter.q === undefined && filter.status === undefined ? <EmptySheet /> : <NothingFound filter={filter} />
}
