import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { session } from '../access/keeper.ts'

/** The sdk tries again where that helps; what comes through is to be shown. */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: session.notice }),
    mutationCache: new MutationCache({ onError: session.notice }),
    defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: 30_000 } },
  })
  // The next person at this browser finds nothing of the one before.
  session.subscribe(() => {
    if (session.current().state === 'closed') client.clear()
  })
  return client
}
