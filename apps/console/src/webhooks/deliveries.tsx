import type { DeliveryStatus, Webhook } from '@calotype/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Choice, type ChoiceOption } from '../design/choice.tsx'
import { MoreBelow } from '../settings/more-below.tsx'
import { CouldNotLoad, LoadingRows, Nothing, Section } from '../settings/parts.tsx'
import { DeliveryRow } from './delivery-row.tsx'
import { deliveriesQuery } from './queries.ts'
import { ReplayFailed } from './replay-failed.tsx'

type Filter = DeliveryStatus | 'all'

const filters: readonly ChoiceOption<Filter>[] = [
  { value: 'all', label: 'All' },
  { value: 'pending', label: 'Waiting' },
  { value: 'succeeded', label: 'Delivered' },
  { value: 'failed', label: 'Failed' },
]

export function Deliveries({ webhook }: { webhook: Webhook }) {
  const [filter, setFilter] = useState<Filter>('all')
  const log = useInfiniteQuery(deliveriesQuery(webhook.id, filter === 'all' ? undefined : filter))
  const deliveries = log.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Section
      title="Deliveries"
      about="Of the last 30 days, newest first, with every try."
      action={<ReplayFailed webhook={webhook} />}
    >
      <div className="mb-4 flex overflow-x-auto">
        <Choice legend="Filter deliveries" value={filter} options={filters} onChange={setFilter} />
      </div>
      {log.isPending && <LoadingRows label="Loading deliveries" rows={4} />}
      {log.error !== null && deliveries.length === 0 && (
        <CouldNotLoad what="The deliveries" error={log.error} onRetry={() => void log.refetch()} />
      )}
      {log.data !== undefined && deliveries.length === 0 && (
        <Nothing>
          {filter === 'all'
            ? 'Nothing was sent yet. Upload a photo, and its events appear here.'
            : 'None of this kind.'}
        </Nothing>
      )}
      {deliveries.length > 0 && (
        <ol className="divide-y divide-line border-y border-line">
          {deliveries.map(delivery => (
            <DeliveryRow key={delivery.id} delivery={delivery} />
          ))}
        </ol>
      )}
      <MoreBelow list={log} what="deliveries" />
    </Section>
  )
}
