import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { session } from '../access/gate.tsx'

/** The sdk tries again where that helps; what comes through is to be shown. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: session.notice }),
    mutationCache: new MutationCache({ onError: session.notice }),
    defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: 30_000 } },
  })
}
