import { queryOptions } from '@tanstack/react-query'
import { api } from '../app/api.ts'

export const apiKeysQuery = (organizationId: string) =>
  queryOptions({ queryKey: ['api-keys', organizationId], queryFn: ({ signal }) => api.apiKeys.list({ signal }) })
