import { type ComponentProps, useId } from 'react'
import { buttonClass } from '../design/button.tsx'
import { Icon, type IconName } from '../design/icon.tsx'
import { useProject } from '../projects/project.tsx'
import { acceptOf } from './check-file.ts'
import { useUploads } from './uploads.tsx'

/** A real file input under a label: it opens by click, by keyboard and by touch. */
function FileChooser({
  label,
  icon,
  look,
  compact = false,
  className = '',
  ...input
}: { label: string; icon: IconName; look: 'primary' | 'plain'; compact?: boolean } & ComponentProps<'input'>) {
  const { add } = useUploads()
  const project = useProject()
  const id = useId()
  return (
    <label
      htmlFor={id}
      className={`${buttonClass(look)} relative has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus ${className}`}
    >
      <input
        id={id}
        type="file"
        aria-label={label}
        className="absolute inset-0 w-full cursor-pointer opacity-0 outline-none file:cursor-pointer"
        onChange={event => {
          add([...(event.target.files ?? [])], project)
          // So that the same file can be chosen again.
          event.target.value = ''
        }}
        {...input}
      />
      <Icon name={icon} />
      <span className={compact ? 'max-sm:sr-only' : ''}>{label}</span>
    </label>
  )
}

export function ChooseFiles({ label = 'Upload photos', compact = false }: { label?: string; compact?: boolean }) {
  const accept = acceptOf(useProject().allowed_types)
  return <FileChooser label={label} icon="upload" look="primary" accept={accept} multiple compact={compact} />
}

/** Phones only: several of them no longer offer the camera in the chooser for many files. */
export function TakePhoto({ compact = false }: { compact?: boolean }) {
  return (
    <FileChooser
      label="Take a photo"
      icon="camera"
      look="plain"
      accept="image/*"
      capture="environment"
      compact={compact}
      className="pointer-fine:hidden"
    />
  )
}
