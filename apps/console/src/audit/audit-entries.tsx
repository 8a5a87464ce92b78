import type { AuditAction, AuditEntry } from '@calotype/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Icon } from '../design/icon.tsx'
import { Time } from '../design/time.tsx'
import { type Names, plainDetail } from '../logs/names.ts'
import { useNames } from '../logs/use-names.ts'
import { MoreBelow } from '../settings/more-below.tsx'
import { CouldNotLoad, LoadingRows, Nothing } from '../settings/parts.tsx'
import { imageOf, sentenceOf } from './sentences.ts'

const PAGE = 50
const firstPage: string | undefined = undefined
const HASH_SHOWN = 12

export function AuditEntries({ action }: { action: AuditAction | undefined }) {
  const { organization_id: organizationId } = useMe()
  const log = useInfiniteQuery({
    queryKey: ['audit', organizationId, action],
    initialPageParam: firstPage,
    queryFn: ({ pageParam: cursor, signal }) => api.audit.page({ action, cursor, limit: PAGE, signal }),
    getNextPageParam: page => page.next_cursor ?? undefined,
    refetchOnMount: 'always',
  })
  const names = useNames(organizationId)
  const entries = log.data?.pages.flatMap(({ items }) => items) ?? []
  if (log.isPending) return <LoadingRows label="Loading the audit log" rows={6} />
  if (log.error !== null && entries.length === 0) {
    return <CouldNotLoad what="The audit log" error={log.error} onRetry={() => void log.refetch()} />
  }
  if (entries.length === 0) return <Nothing>Nothing of this kind was done.</Nothing>
  return (
    <>
      <ol className="divide-y divide-line border-y border-line">
        {entries.map(entry => (
          <Entry key={entry.id} entry={entry} names={names} />
        ))}
      </ol>
      <MoreBelow list={log} what="entries" />
    </>
  )
}

function Entry({ entry, names }: { entry: AuditEntry; names: Names }) {
  const detail = plainDetail(entry.detail, names)
  const imageId = imageOf(entry)
  return (
    <li className="py-3">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <span>{sentenceOf(entry, names)}.</span>
        <span className="figures shrink-0 text-xs text-ink-soft">
          <Time iso={entry.at} />
        </span>
      </p>
      {detail !== '' && <p className="mt-0.5 text-xs break-words text-ink-soft">{detail}</p>}
      <p className="figures mt-1 flex flex-wrap items-center gap-x-3 text-xs text-ink-faint">
        {imageId !== null && (
          <Link to="/images/$imageId" params={{ imageId }} className="break-all text-ink-soft underline">
            {imageId}
          </Link>
        )}
        {entry.ip !== null && <span>from {entry.ip}</span>}
        {entry.request_id !== null && <span className="break-all">request {entry.request_id}</span>}
        {entry.seal === null ? (
          <span className="inline-flex items-center gap-1">
            <Icon name="hourglass" size={12} /> not sealed yet
          </span>
        ) : (
          <span className="inline-flex items-center gap-1" title={entry.seal.hash}>
            <Icon name="link" size={12} /> {entry.seal.seq} · {entry.seal.hash.slice(0, HASH_SHOWN)}
          </span>
        )}
      </p>
    </li>
  )
}
