import type { Image } from '@calotype/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../app/api.ts'
import { type SheetItem, toSheetItem } from '../images/sheet.ts'
import { TilePicture } from '../images/tile-picture.tsx'

const MOST = 8

/** Near duplicates. Most images have none, and then nothing is said; a failure is no loss either. */
export function Similar({ image: { id, project_id: projectId } }: { image: Image }) {
  const { data: items = [] } = useQuery({
    queryKey: ['similar', projectId, id],
    queryFn: async ({ signal }) => {
      const found = await api.images.page({ projectId, similarTo: id, limit: MOST + 1, signal })
      return found.items.filter(other => other.id !== id).map(toSheetItem)
    },
  })
  if (items.length === 0) return null
  return (
    <section aria-labelledby="similar">
      <h2 id="similar" className="mb-2 font-medium">
        Looks like
      </h2>
      <ul className="flex gap-2 overflow-x-auto pb-1">
        {items.slice(0, MOST).map(item => (
          <li key={item.id} className="w-24 shrink-0">
            <Lookalike item={item} />
          </li>
        ))}
      </ul>
      <p className="mt-1 text-xs text-ink-faint">Nearly the same picture under another name, the most alike first.</p>
    </section>
  )
}

function Lookalike({ item }: { item: SheetItem }) {
  return (
    <Link to="/images/$imageId" params={{ imageId: item.id }} aria-label={`Open ${item.name}`} title={item.name}>
      <span className="relative block aspect-square overflow-hidden rounded-sm bg-well">
        <TilePicture item={item} size="small" />
      </span>
      <span aria-hidden="true" className="mt-1 block truncate text-xs text-ink-soft">
        {item.name}
      </span>
    </Link>
  )
}
