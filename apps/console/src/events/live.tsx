import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { session } from '../access/keeper.ts'
import { api } from '../app/api.ts'
import { createImageFollower } from '../images/follow-images.ts'
import { forgetOtherSheets } from '../images/sheet-cache.ts'
import { useProjectIfAny } from '../projects/project.tsx'

/** A tab that nobody looks at gives its connection back: a browser has six for all tabs together. */
const HIDDEN_MS = 60_000
/** A break that heals at once is no news. */
const PATIENCE_MS = 2_500

const State = createContext<'live' | 'lost'>('live')
export const useLive = (): 'live' | 'lost' => useContext(State)

/** Follows the project's events as long as somebody is signed in. */
export function Live({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const projectId = useProjectIfAny()?.id
  const [lost, setLost] = useState(false)

  useEffect(() => {
    if (projectId === undefined) return
    forgetOtherSheets(client, projectId)
    const follower = createImageFollower(client, api)
    let lastEventId: string | undefined
    let subscription: ReturnType<typeof api.events> | undefined
    let hiding: ReturnType<typeof setTimeout> | undefined
    let patience: ReturnType<typeof setTimeout> | undefined

    const open = () => {
      subscription ??= api.events(projectId, {
        lastEventId,
        onEvent: (event, id) => {
          lastEventId = id ?? lastEventId
          follower.onEvent(event)
        },
        onAnalysis: (event, id) => {
          lastEventId = id ?? lastEventId
          follower.onAnalysis(event)
        },
        onState: next => {
          if (next === 'open') {
            clearTimeout(patience)
            patience = undefined
            setLost(false)
          } else if (next === 'lost' && patience === undefined) {
            patience = setTimeout(() => setLost(true), PATIENCE_MS)
          }
          if (next === 'refused') {
            void session.refresh()
            void client.invalidateQueries({ queryKey: ['projects'] })
          }
          if (next === 'open' && lastEventId === undefined) void follower.catchUp(projectId).catch(() => undefined)
        },
      })
    }
    const close = () => {
      subscription?.close()
      subscription = undefined
    }
    const onVisibility = () => {
      clearTimeout(hiding)
      if (document.hidden) hiding = setTimeout(close, HIDDEN_MS)
      else open()
    }

    open()
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      clearTimeout(hiding)
      clearTimeout(patience)
      setLost(false)
      close()
    }
  }, [client, projectId])

  return <State value={lost ? 'lost' : 'live'}>{children}</State>
}
