import type { DeliveryStatus } from '@calotype/sdk'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../app/api.ts'

export const webhooksQuery = (organizationId: string) =>
  queryOptions({ queryKey: ['webhooks', organizationId], queryFn: ({ signal }) => api.webhooks.list({ signal }) })

export const webhookQuery = (id: string) =>
  queryOptions({ queryKey: ['webhook', id], queryFn: ({ signal }) => api.webhooks.get(id, { signal }) })

const firstPage = (): string | undefined => undefined
const PAGE = 50
/** Something may be on its way. */
const LOOK_AGAIN_MS = 4_000

export const deliveriesKey = (id: string) => ['webhook-deliveries', id] as const

export const deliveriesQuery = (id: string, status: DeliveryStatus | undefined) =>
  infiniteQueryOptions({
    queryKey: [...deliveriesKey(id), status],
    initialPageParam: firstPage(),
    queryFn: ({ pageParam: cursor, signal }) => api.webhooks.deliveries(id, { status, cursor, limit: PAGE, signal }),
    getNextPageParam: page => page.next_cursor ?? undefined,
    refetchOnMount: 'always',
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(item => item.status === 'pending')) ? LOOK_AGAIN_MS : false,
  })
