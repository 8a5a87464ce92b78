import type { Project } from '@calotype/sdk'
import { Choice } from '../design/choice.tsx'
import { Checks, TextField } from '../design/fields.tsx'
import { Section } from '../settings/parts.tsx'
import { SaveBar } from '../settings/save-bar.tsx'
import { typeName } from '../uploads/check-file.ts'
import { useProjectForm } from './use-project-form.ts'
import { VariantsTable } from './variants-table.tsx'

const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif', 'image/heic', 'image/heif']

export function ProjectForm({ project }: { project: Project }) {
  const { draft, set, dirty, pending, errorAt, error, submit, reset } = useProjectForm(project)
  const types = [...new Set([...TYPES, ...project.allowed_types])].map(value => ({ value, label: typeName(value) }))
  return (
    <form onSubmit={submit} noValidate className="space-y-10">
      <Section title="Name">
        <div className="max-w-sm">
          <TextField
            label="Name of the project"
            value={draft.name}
            onChange={name => set({ name })}
            error={errorAt('name')}
            maxLength={100}
            autoComplete="off"
          />
        </div>
      </Section>
      <Section title="What is accepted" about="Checked before the upload, when it is stored, and after decoding.">
        <div className="space-y-5">
          <Checks
            legend="Types"
            options={types}
            chosen={draft.allowedTypes}
            onChange={allowedTypes => set({ allowedTypes })}
            error={errorAt('allowed_types')}
          />
          <div className="grid max-w-xl gap-x-6 gap-y-4 sm:grid-cols-2">
            <NumberField
              label="Largest file"
              unit="MB"
              value={draft.maxMegabytes}
              onChange={maxMegabytes => set({ maxMegabytes })}
              error={errorAt('max_bytes')}
            />
            <NumberField
              label="Smallest file"
              unit="bytes"
              value={draft.minBytes}
              onChange={minBytes => set({ minBytes })}
              error={errorAt('min_bytes')}
            />
            <NumberField
              label="Longest side"
              unit="px"
              value={draft.maxSide}
              onChange={maxSide => set({ maxSide })}
              error={errorAt('max_side')}
            />
            <NumberField
              label="Most pixels"
              unit="MP"
              value={draft.maxMegapixels}
              onChange={maxMegapixels => set({ maxMegapixels })}
              error={errorAt('max_pixels')}
            />
          </div>
        </div>
      </Section>
      <Section
        title="Variants"
        about="Made of every image that is uploaded from now on. One is named full and each has JPEG, so that there is always something to show."
      >
        <VariantsTable variants={draft.variants} onChange={variants => set({ variants })} errorAt={errorAt} />
      </Section>
      <Section
        title="Visibility"
        about={
          draft.visibility === 'private'
            ? 'Variants are delivered by signed URLs only.'
            : 'Anybody who has the address of a variant sees it, without a signature. Originals stay private.'
        }
      >
        <div className="flex">
          <Choice
            legend="Visibility"
            value={draft.visibility}
            options={[
              { value: 'private', label: 'Private' },
              { value: 'public', label: 'Public' },
            ]}
            onChange={visibility => set({ visibility })}
          />
        </div>
        {draft.visibility !== project.visibility && (
          <p role="status" className="mt-2 text-sm text-ink-soft">
            {draft.visibility === 'private'
              ? 'Saved, this moves the files of every image in the background, and addresses without a signature stop working.'
              : 'Saved, this moves the files of every image in the background, to where everybody may fetch them.'}
          </p>
        )}
        {errorAt('visibility') && (
          <p role="alert" className="mt-2 text-xs text-red-ink">
            {errorAt('visibility')}
          </p>
        )}
      </Section>
      <Section title="Afterwards">
        <div className="grid max-w-xl gap-x-6 gap-y-4 sm:grid-cols-2">
          <NumberField
            label="Deleted images can be restored for"
            unit="days"
            value={draft.retentionDays}
            onChange={retentionDays => set({ retentionDays })}
            error={errorAt('retention_days')}
          />
          <TextField
            label="Detection types"
            value={draft.detectionTypes}
            onChange={detectionTypes => set({ detectionTypes })}
            hint="Asked of the pipeline for every image, such as damage, rust."
            error={errorAt('detection_types') ?? errorAt('detection_types.0')}
            mono
            autoComplete="off"
            spellCheck={false}
          />
        </div>
      </Section>
      <SaveBar dirty={dirty} pending={pending} error={error} onReset={reset} />
    </form>
  )
}

interface NumberFieldProps {
  label: string
  unit: string
  value: string
  onChange: (value: string) => void
  error: string | undefined
}

function NumberField({ unit, ...field }: NumberFieldProps) {
  return <TextField {...field} suffix={unit} mono inputMode="decimal" autoComplete="off" />
}
