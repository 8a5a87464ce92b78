import type { Action, Me } from '@calotype/sdk'
import { createContext, useContext } from 'react'

export const Myself = createContext<Me | null>(null)

export function useMe(): Me {
  const me = useContext(Myself)
  if (me === null) throw new Error('useMe is only for what is behind the gate.')
  return me
}

/** Whether to offer something; whether it is allowed is decided by the server. */
export const useMay = (action: Action): boolean => useMe().actions.includes(action)
