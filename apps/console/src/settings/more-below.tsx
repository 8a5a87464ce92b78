import { useEffect, useRef } from 'react'
import { Button } from '../design/button.tsx'

interface MoreBelowProps {
  list: {
    hasNextPage: boolean
    isFetchingNextPage: boolean
    error: unknown
    fetchNextPage: () => Promise<unknown>
  }
  /** What is listed, such as entries. */
  what: string
}

/** At the end of a list: the next page comes when it comes into view, or when it is asked for. */
export function MoreBelow({ list, what }: MoreBelowProps) {
  const end = useInView(() => {
    if (list.hasNextPage && !list.isFetchingNextPage && list.error === null) void list.fetchNextPage()
  })
  if (!list.hasNextPage) return null
  return (
    <div ref={end} className="flex justify-center py-4">
      <Button look="quiet" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {list.isFetchingNextPage ? `Loading older ${what}…` : `Show older ${what}`}
      </Button>
    </div>
  )
}

/** Calls when the element comes into view, so that the next page is there before it is asked for. */
function useInView(onSeen: () => void) {
  const element = useRef<HTMLDivElement>(null)
  const seen = useRef(onSeen)
  seen.current = onSeen
  useEffect(() => {
    const target = element.current
    if (target === null) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) seen.current()
      },
      { rootMargin: '400px' },
    )
    observer.observe(target)
    return () => observer.disconnect()
  })
  return element
}
