import type { VariantFormat } from '@calotype/sdk'
import { useRef } from 'react'
import { Button, IconButton } from '../design/button.tsx'
import { Checks, SelectField, TextField } from '../design/fields.tsx'
import { newVariant, type VariantDraft } from './project-draft.ts'

const FORMATS: readonly { value: VariantFormat; label: string }[] = [
  { value: 'avif', label: 'AVIF' },
  { value: 'webp', label: 'WebP' },
  { value: 'jpeg', label: 'JPEG' },
]
const MOST = 10

interface VariantsTableProps {
  variants: readonly VariantDraft[]
  onChange: (variants: readonly VariantDraft[]) => void
  errorAt: (path: string) => string | undefined
}

export function VariantsTable({ variants, onChange, errorAt }: VariantsTableProps) {
  const made = useRef(0)
  const add = useRef<HTMLButtonElement>(null)
  const change = (key: string, next: Partial<VariantDraft>) =>
    onChange(variants.map(variant => (variant.key === key ? { ...variant, ...next } : variant)))
  const whole = errorAt('variants')
  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        {variants.map((variant, index) => (
          <VariantRow
            key={variant.key}
            variant={variant}
            canRemove={variants.length > 1}
            errorAt={field => errorAt(`variants.${index}.${field}`)}
            onChange={next => change(variant.key, next)}
            onRemove={() => {
              onChange(variants.filter(({ key }) => key !== variant.key))
              add.current?.focus()
            }}
          />
        ))}
      </ul>
      {whole && (
        <p role="alert" className="mt-2 text-sm text-red-ink">
          {whole}
        </p>
      )}
      <Button
        ref={add}
        icon="plus"
        className="mt-3"
        disabled={variants.length >= MOST}
        onClick={() => onChange([...variants, newVariant(`new-${++made.current}`)])}
      >
        Add a variant
      </Button>
    </>
  )
}

interface VariantRowProps {
  variant: VariantDraft
  canRemove: boolean
  errorAt: (field: string) => string | undefined
  onChange: (next: Partial<VariantDraft>) => void
  onRemove: () => void
}

function VariantRow({ variant, canRemove, errorAt, onChange, onRemove }: VariantRowProps) {
  const called = variant.name === '' ? 'the new variant' : variant.name
  const text = { mono: true, autoComplete: 'off', spellCheck: false }
  return (
    <li className="py-4">
      {/* biome-ignore lint/a11y/useSemanticElements: a row of the list, which a fieldset would frame */}
      <div
        role="group"
        aria-label={`Variant ${called}`}
        className="grid grid-cols-2 items-start gap-x-4 gap-y-3 sm:grid-cols-[minmax(0,1.4fr)_repeat(2,minmax(0,0.8fr))_minmax(0,1.5fr)_minmax(0,1fr)]"
      >
        <div className="max-sm:col-span-2">
          <TextField
            {...text}
            label="Name"
            value={variant.name}
            onChange={name => onChange({ name })}
            error={errorAt('name')}
          />
        </div>
        <TextField
          {...text}
          label="Width"
          inputMode="numeric"
          value={variant.width}
          onChange={width => onChange({ width })}
          error={errorAt('width')}
        />
        <TextField
          {...text}
          label="Height"
          inputMode="numeric"
          value={variant.height}
          onChange={height => onChange({ height })}
          error={errorAt('height')}
        />
        <SelectField
          label="Fit"
          value={variant.fit}
          options={[
            { value: 'inside', label: 'Inside, whole' },
            { value: 'cover', label: 'Cover, cropped' },
          ]}
          onChange={fit => onChange({ fit })}
          error={errorAt('fit')}
        />
        <TextField
          {...text}
          label="At most"
          suffix="KB"
          placeholder="–"
          inputMode="decimal"
          value={variant.maxKilobytes}
          onChange={maxKilobytes => onChange({ maxKilobytes })}
          error={errorAt('max_bytes')}
        />
      </div>
      <div className="mt-3 flex items-end justify-between gap-4">
        <Checks
          legend="Formats"
          options={FORMATS}
          chosen={variant.formats}
          onChange={formats => onChange({ formats })}
          error={errorAt('formats')}
        />
        <IconButton icon="trash" label={`Remove ${called}`} disabled={!canRemove} onClick={onRemove} />
      </div>
    </li>
  )
}
