import type { SecurityEntry, SecurityEvent } from '@calotype/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useMe } from '../access/me.tsx'
import { apiKeysQuery } from '../api-keys/queries.ts'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { Time } from '../design/time.tsx'
import { membersQuery } from '../organizations/queries.ts'
import { projectsQuery } from '../projects/project.tsx'
import { CouldNotLoad, LoadingRows, Nothing } from '../settings/parts.tsx'
import { isRefusal, type Names, plainDetail, sentenceOf } from './sentences.ts'

const PAGE = 50
const firstPage: string | undefined = undefined

export function LogEntries({ event }: { event: SecurityEvent | undefined }) {
  const { organization_id: organizationId } = useMe()
  const log = useInfiniteQuery({
    queryKey: ['security-log', organizationId, event],
    initialPageParam: firstPage,
    queryFn: ({ pageParam: cursor, signal }) => api.securityLog.page({ event, cursor, limit: PAGE, signal }),
    getNextPageParam: page => page.next_cursor ?? undefined,
    refetchOnMount: 'always',
  })
  const names = useNames(organizationId)
  const entries = log.data?.pages.flatMap(({ items }) => items) ?? []
  const more = useInView(() => {
    if (log.hasNextPage && !log.isFetchingNextPage && log.error === null) void log.fetchNextPage()
  })
  if (log.isPending) return <LoadingRows label="Loading the security log" rows={6} />
  if (log.error !== null && entries.length === 0) {
    return <CouldNotLoad what="The security log" error={log.error} onRetry={() => void log.refetch()} />
  }
  if (entries.length === 0) return <Nothing>Nothing of this kind has happened.</Nothing>
  return (
    <>
      <ol className="divide-y divide-line border-y border-line">
        {entries.map(entry => (
          <LogEntry key={entry.id} entry={entry} names={names} />
        ))}
      </ol>
      {log.hasNextPage && (
        <div ref={more} className="flex justify-center py-4">
          <Button look="quiet" disabled={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {log.isFetchingNextPage ? 'Loading older entries…' : 'Show older entries'}
          </Button>
        </div>
      )}
    </>
  )
}

function LogEntry({ entry, names }: { entry: SecurityEntry; names: Names }) {
  const refused = isRefusal(entry.event)
  const detail = plainDetail(entry.detail, names)
  return (
    <li className="flex gap-3 py-3">
      <span className={`mt-0.5 ${refused ? 'text-red-ink' : 'text-ink-faint'}`}>
        <Icon name={refused ? 'blocked' : 'check'} size={14} />
      </span>
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
          <span>
            {refused && <span className="sr-only">Refused: </span>}
            {sentenceOf(entry, names)}
            {entry.count > 1 && <span className="text-ink-soft"> – {entry.count} times within a minute</span>}.
          </span>
          <span className="figures shrink-0 text-xs text-ink-soft">
            <Time iso={entry.at} />
          </span>
        </p>
        {detail !== '' && <p className="mt-0.5 text-xs break-words text-ink-soft">{detail}</p>}
        <p className="figures mt-0.5 flex flex-wrap gap-x-3 text-xs text-ink-faint">
          {entry.ip !== null && <span>from {entry.ip}</span>}
          {entry.code !== null && <span>rule {entry.code}</span>}
          {entry.request_id !== null && <span className="break-all">request {entry.request_id}</span>}
        </p>
      </div>
    </li>
  )
}

function useNames(organizationId: string): Names {
  const members = useQuery(membersQuery(organizationId))
  const keys = useQuery(apiKeysQuery(organizationId))
  const projects = useQuery(projectsQuery(organizationId))
  return {
    people: new Map(members.data?.map(({ user_id, name }) => [user_id, name])),
    keys: new Map(keys.data?.map(({ id, name }) => [id, name])),
    projects: new Map(projects.data?.map(({ id, name }) => [id, name])),
  }
}

/** Calls when the element comes into view, so that the next page is there before it is asked for. */
function useInView(onSeen: () => void) {
  const element = useRef<HTMLDivElement>(null)
  const seen = useRef(onSeen)
  seen.current = onSeen
  useEffect(() => {
    const target = element.current
    if (target === null) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) seen.current()
      },
      { rootMargin: '400px' },
    )
    observer.observe(target)
    return () => observer.disconnect()
  })
  return element
}
