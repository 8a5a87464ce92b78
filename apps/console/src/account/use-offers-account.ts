import { useQuery } from '@tanstack/react-query'
import { useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'

/** True in a session of the one-time link, as long as the organisation has no account. */
export function useOffersAccount(): boolean {
  const me = useMe()
  const nameless = me.kind === 'user' && me.user === null && me.actions.includes('access.manage')
  const { data } = useQuery({
    queryKey: ['account-offer', me.organization_id],
    queryFn: async ({ signal }) => {
      const { mode } = await api.session.access({ signal })
      return mode === 'accounts' && (await api.organizations.members(me.organization_id, { signal })).length === 0
    },
    enabled: nameless,
  })
  return nameless && data === true
}
