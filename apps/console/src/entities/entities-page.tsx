import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Button } from '../design/button.tsx'
import { TextField } from '../design/fields.tsx'
import { useProjectIfAny } from '../projects/project.tsx'
import { Nothing, Page } from '../settings/parts.tsx'
import { GalleryPanel } from './gallery-panel.tsx'
import type { ShownEntity } from './queries.ts'
import { SlotPanel } from './slot-panel.tsx'

const route = getRouteApi('/images/entities')

/** What belongs to a thing of the customer's own: the picture of a slot, and a gallery. */
export function EntitiesPage() {
  const project = useProjectIfAny()
  const { type, id, slot } = route.useSearch()
  const entity: ShownEntity | null =
    project === null || type === undefined || id === undefined ? null : { type, id, projectId: project.id }
  return (
    <div className="min-h-0 grow overflow-y-auto">
      <div className="mx-auto max-w-5xl px-3 pt-6 pb-24 sm:px-6 md:pt-10">
        <Page
          title="Slots and galleries"
          about="The pictures of a thing of yours, such as a house or an order, by your own name for it."
        >
          {project === null ? <Nothing>There is no project here.</Nothing> : <LookUp />}
          {entity !== null && (
            <div
              key={`${entity.projectId} ${entity.type} ${entity.id} ${slot}`}
              className="grid gap-12 lg:grid-cols-2 lg:gap-10"
            >
              {slot !== undefined && <SlotPanel entity={entity} name={slot} />}
              <GalleryPanel entity={entity} />
            </div>
          )}
        </Page>
      </div>
    </div>
  )
}

function LookUp() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const [type, setType] = useState(search.type ?? '')
  const [id, setId] = useState(search.id ?? '')
  const [slot, setSlot] = useState(search.slot ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const named = slot.trim() === '' ? {} : { slot: slot.trim() }
    void navigate({ to: '/images/entities', search: { type: type.trim(), id: id.trim(), ...named } })
  }
  const plain = { required: true, autoComplete: 'off', spellCheck: false, autoCapitalize: 'none' } as const
  return (
    <form onSubmit={submit} className="grid gap-4 sm:grid-cols-[1fr_1fr_1fr_auto] sm:items-start">
      <TextField
        label="Type"
        value={type}
        onChange={setType}
        hint="Such as house."
        pattern="[a-z][a-z0-9\-]{0,63}"
        title="Small letters, digits and hyphens, a letter first"
        {...plain}
      />
      <TextField
        label="Id"
        value={id}
        onChange={setId}
        hint="Your own id of it."
        pattern="[A-Za-z0-9_\-]{1,128}"
        title="Letters, digits, hyphens and underscores"
        {...plain}
      />
      <TextField
        label="Slot"
        value={slot}
        onChange={setSlot}
        hint="Such as front. Empty: only its gallery."
        pattern="(?!gallery$)[a-z][a-z0-9\-]{0,63}"
        title="Small letters, digits and hyphens, a letter first"
        {...plain}
        required={false}
      />
      <Button type="submit" look="primary" icon="search" className="sm:mt-7">
        Look it up
      </Button>
    </form>
  )
}
