import type { Slot } from '@calotype/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMay } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { ownAddress } from '../delivery/signed-urls.ts'
import { Button } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { useSay } from '../design/notices.tsx'
import { Time } from '../design/time.tsx'
import { CouldNotLoad, LoadingRows, Section } from '../settings/parts.tsx'
import { failureOfError } from '../words/failures.ts'
import { counted } from '../words/numbers.ts'
import { DropArea } from './drop-area.tsx'
import { type ShownEntity, slotKey, slotQuery } from './queries.ts'

/** The picture of a slot now, how to put another one there, and the way back. */
export function SlotPanel({ entity, name }: { entity: ShownEntity; name: string }) {
  const client = useQueryClient()
  const say = useSay()
  const mayWrite = useMay('image.write')
  const slot = useQuery(slotQuery(entity, name))
  const onSettled = () => client.invalidateQueries({ queryKey: slotKey(entity, name) })
  const onError = (error: unknown) => say({ text: failureOfError(error).detail, tone: 'bad' })
  const undo = useMutation({
    mutationFn: () => api.entities.undoSlot(entity, name),
    onSuccess: ({ image }) => say({ text: `${image.file_name} is back in ${name}.` }),
    onError,
    onSettled,
  })
  const replace = useMutation({
    mutationFn: (file: File) => api.entities.setSlot(entity, name, file),
    onSuccess: ({ image, download_url: url, replaced }) => {
      const action = { label: 'Undo', onDo: () => undo.mutate() }
      const text = url === null ? 'It comes into place as soon as it is ready.' : `${image.file_name} is in ${name}.`
      say({ text, ...(url !== null && replaced !== null && { action }) })
    },
    onError,
    onSettled,
  })
  const data = slot.data
  const picture = <Picture slot={data ?? null} />
  return (
    <Section
      title={`Slot ${name}`}
      action={
        mayWrite &&
        data != null &&
        data.previous.length > 0 && (
          <Button icon="restore" disabled={undo.isPending || replace.isPending} onClick={() => undo.mutate()}>
            {undo.isPending ? 'Bringing it back…' : 'Undo'}
          </Button>
        )
      }
    >
      {slot.isPending && <LoadingRows label="Loading the slot" rows={1} />}
      {slot.error !== null && data === undefined && (
        <CouldNotLoad what="The slot" error={slot.error} onRetry={() => void slot.refetch()} />
      )}
      {data !== undefined &&
        (mayWrite ? (
          <DropArea
            action={data?.image ? 'Replace' : 'Put a photo here'}
            busy={replace.isPending ? 'Replacing…' : null}
            onFiles={([file]) => file !== undefined && replace.mutate(file)}
          >
            {picture}
          </DropArea>
        ) : (
          picture
        ))}
      {data != null && <Before slot={data} />}
    </Section>
  )
}

function Picture({ slot }: { slot: Slot | null }) {
  const image = slot?.image ?? null
  if (slot === null || image === null || slot.download_url === null) {
    return (
      <p className="grid h-56 place-items-center rounded-sm border border-dashed border-line-strong px-4 text-center text-sm text-ink-soft">
        {slot === null ? 'Nothing was ever put here.' : 'It is empty.'}
      </p>
    )
  }
  return (
    <figure>
      <div className="grid place-items-center rounded-sm bg-well">
        <img
          src={ownAddress(slot.download_url)}
          alt={image.alt ?? `What is in ${slot.slot}: ${image.file_name}`}
          className="max-h-96 max-w-full object-contain"
        />
      </div>
      <figcaption className="mt-2 flex flex-wrap justify-between gap-x-4 text-sm">
        <Link to="/images/$imageId" params={{ imageId: image.id }} className="min-w-0 truncate underline">
          {image.file_name}
        </Link>
        <span className="figures text-xs text-ink-soft">number {slot.number}</span>
      </figcaption>
    </figure>
  )
}

function Before({ slot: { previous, waiting } }: { slot: Slot }) {
  return (
    <>
      {waiting.length > 0 && (
        <p role="status" className="mt-3 flex gap-2 text-sm text-amber-ink">
          <Icon name="hourglass" /> {counted(waiting.length, 'replacement is', 'replacements are')} being made ready.
        </p>
      )}
      {previous.length > 0 && (
        <>
          <h3 className="mt-6 mb-2 text-sm font-medium">Before</h3>
          <ol className="divide-y divide-line border-y border-line text-sm">
            {previous.map(({ number, image, replaced_at: at }) => (
              <li key={number} className="flex flex-wrap justify-between gap-x-4 py-2">
                <Link to="/images/$imageId" params={{ imageId: image.id }} className="min-w-0 truncate underline">
                  {image.file_name}
                </Link>
                <span className="figures text-xs text-ink-soft">
                  number {number}
                  {at !== null && (
                    <>
                      {' · replaced '}
                      <Time iso={at} />
                    </>
                  )}
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  )
}
