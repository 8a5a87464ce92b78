import { Navigate } from '@tanstack/react-router'
import { useMe } from '../access/me.tsx'
import { placesFor } from './places.ts'

export function FirstPage() {
  const { actions } = useMe()
  return <Navigate to={placesFor(actions)[0]?.to ?? '/settings/account'} replace />
}
