import type { ApiKey, ApiKeyList, ApiKeyRequest, NewApiKey } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'
import { everyItem, LARGEST_PAGE } from '../http/pages.ts'
import type { CallOptions } from '../images/images.ts'

export type ApiKeys = ReturnType<typeof createApiKeys>

export function createApiKeys({ call, callFor }: Connection) {
  return {
    list: ({ signal }: CallOptions = {}): Promise<ApiKey[]> =>
      everyItem(cursor => callFor<ApiKeyList>({ path: '/api-keys', query: { cursor, limit: LARGEST_PAGE }, signal })),
    /** The answer has the secret, once. */
    create: (key: Omit<ApiKeyRequest, 'kind'> & { kind?: ApiKeyRequest['kind'] }) =>
      callFor<NewApiKey>({ method: 'POST', path: '/api-keys', json: key }),
    revoke: async (id: string): Promise<void> => {
      await call({ method: 'DELETE', path: `/api-keys/${id}` })
    },
  }
}
