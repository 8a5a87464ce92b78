import { queryOptions } from '@tanstack/react-query'
import { api } from '../app/api.ts'

export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  queryFn: ({ signal }) => api.organizations.list({ signal }),
})

export const membersQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['members', organizationId],
    queryFn: ({ signal }) => api.organizations.members(organizationId, { signal }),
  })

export const invitationsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['invitations', organizationId],
    queryFn: ({ signal }) => api.organizations.invitations.list(organizationId, { signal }),
  })
