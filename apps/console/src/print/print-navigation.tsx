import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect } from 'react'
import { buttonClass, IconButton } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { neighboursOf, place } from '../images/sheet-place.ts'

/** Back to the light table, or to the pictures that lay beside this one. */
export function PrintNavigation({ id }: { id: string }) {
  const navigate = useNavigate()
  const { newer, older } = neighboursOf(id)

  const show = useCallback(
    (imageId: string | undefined) => {
      if (imageId !== undefined) void navigate({ to: '/images/$imageId', params: { imageId }, replace: true })
    },
    [navigate],
  )

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || takesArrows(event.target)) return
      if (event.key === 'Escape') void navigate({ to: '/', search: place.filter })
      else if (event.key === 'ArrowLeft') show(newer)
      else if (event.key === 'ArrowRight') show(older)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [navigate, show, newer, older])

  return (
    <nav aria-label="Where you are" className="flex items-center justify-between py-2">
      <Link to="/" search={place.filter} className={`${buttonClass('quiet')} -ml-3`}>
        <Icon name="back" /> Light table
      </Link>
      <span className="flex">
        <IconButton icon="previous" label="Newer image" disabled={newer === undefined} onClick={() => show(newer)} />
        <IconButton icon="next" label="Older image" disabled={older === undefined} onClick={() => show(older)} />
      </span>
    </nav>
  )
}

/** Where arrow keys have a meaning of their own, or a question is open. */
const takesArrows = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input, textarea, [role=slider], [role=alertdialog], [tabindex="0"]') !== null
