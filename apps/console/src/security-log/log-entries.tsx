import type { SecurityEntry, SecurityEvent } from '@calotype/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Icon } from '../design/icon.tsx'
import { Time } from '../design/time.tsx'
import { type Names, plainDetail } from '../logs/names.ts'
import { useNames } from '../logs/use-names.ts'
import { MoreBelow } from '../settings/more-below.tsx'
import { CouldNotLoad, LoadingRows, Nothing } from '../settings/parts.tsx'
import { isRefusal, sentenceOf } from './sentences.ts'

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
      <MoreBelow list={log} what="entries" />
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
