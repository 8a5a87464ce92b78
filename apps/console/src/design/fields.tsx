import { type ComponentProps, type ReactNode, useId, useState } from 'react'

interface FieldProps {
  label: string
  /** What is right to enter. */
  hint?: ReactNode
  error?: string | null | undefined
}

const box =
  'h-9 w-full min-w-0 rounded-sm border bg-sheet px-3 text-sm text-ink placeholder:text-ink-faint disabled:opacity-60'
const edge = (error: FieldProps['error']) => (error ? 'border-red-ink' : 'border-line-strong')

/** Label above, hint and error below; the error takes the place of the hint, so that nothing jumps. */
function Field({ id, label, hint, error, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="mt-1">{children}</div>
      {error ? (
        <p id={`${id}-note`} role="alert" className="mt-1 text-xs text-red-ink">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-note`} className="mt-1 text-xs text-ink-faint">
            {hint}
          </p>
        )
      )}
    </div>
  )
}

const note = (id: string, { hint, error }: Pick<FieldProps, 'hint' | 'error'>) => ({
  'aria-invalid': Boolean(error),
  ...(error || hint ? { 'aria-describedby': `${id}-note` } : {}),
})

type TextFieldProps = FieldProps & {
  value: string
  onChange: (value: string) => void
  mono?: boolean
  /** Inside of the box, at its end. */
  suffix?: ReactNode
} & Omit<ComponentProps<'input'>, 'value' | 'onChange'>

export function TextField({ label, hint, error, value, onChange, mono, suffix, ...input }: TextFieldProps) {
  const id = useId()
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <div className="relative">
        <input
          id={id}
          value={value}
          onChange={event => onChange(event.target.value)}
          {...note(id, { hint, error })}
          {...input}
          className={`${box} ${edge(error)} read-only:bg-ground ${mono ? 'figures' : ''} ${suffix ? 'pr-14' : ''}`}
        />
        {suffix && (
          <span className="absolute inset-y-0 right-0 flex items-center pr-3 text-xs text-ink-faint">{suffix}</span>
        )}
      </div>
    </Field>
  )
}

/** With a way to see what one types. */
export function PasswordField(props: Omit<TextFieldProps, 'type' | 'suffix'>) {
  const [shown, setShown] = useState(false)
  return (
    <TextField
      {...props}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      suffix={
        <button
          type="button"
          aria-pressed={shown}
          aria-label="Show the password"
          onClick={() => setShown(!shown)}
          className="-mr-1.5 h-7 rounded-sm px-1.5 text-ink-soft hover:bg-hover hover:text-ink"
        >
          {shown ? 'Hide' : 'Show'}
        </button>
      }
    />
  )
}

interface SelectFieldProps<T extends string> extends FieldProps {
  value: T
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
  disabled?: boolean
}

export function SelectField<T extends string>({ label, hint, error, ...select }: SelectFieldProps<T>) {
  const id = useId()
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <Select id={id} error={error} {...select} {...note(id, { hint, error })} />
    </Field>
  )
}

/** A native one: every keyboard, phone and screen reader knows it. */
export function Select<T extends string>({
  value,
  options,
  onChange,
  error,
  ...select
}: Omit<SelectFieldProps<T>, 'label' | 'hint'> & Omit<ComponentProps<'select'>, 'value' | 'onChange'>) {
  return (
    <select
      value={value}
      onChange={event => {
        const chosen = options.find(option => option.value === event.target.value)
        if (chosen !== undefined) onChange(chosen.value)
      }}
      {...select}
      className={`${box} ${edge(error)} cursor-pointer`}
    >
      {options.map(option => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}

interface ChecksProps<T extends string> {
  legend: string
  hint?: string
  error?: string | undefined
  options: readonly { value: T; label: string }[]
  chosen: readonly T[]
  onChange: (chosen: T[]) => void
}

/** Any of a few; the order of the options stays. */
export function Checks<T extends string>({ legend, hint, error, options, chosen, onChange }: ChecksProps<T>) {
  const id = useId()
  return (
    <fieldset aria-describedby={error || hint ? `${id}-note` : undefined}>
      <legend className="text-sm font-medium">{legend}</legend>
      <div className="mt-1 flex flex-wrap gap-x-5">
        {options.map(({ value, label }) => (
          <label key={value} className="flex h-8 items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={event =>
                onChange(
                  options
                    .map(option => option.value)
                    .filter(each => (each === value ? event.target.checked : chosen.includes(each))),
                )
              }
              className="size-4 accent-amber"
            />
            {label}
          </label>
        ))}
      </div>
      {(error ?? hint) && (
        <p id={`${id}-note`} className={`text-xs ${error ? 'text-red-ink' : 'text-ink-faint'}`}>
          {error ?? hint}
        </p>
      )}
    </fieldset>
  )
}
