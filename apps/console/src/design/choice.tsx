import { type ReactNode, useId } from 'react'

export interface ChoiceOption<T extends string> {
  value: T
  label: ReactNode
  /** When the label is a picture. */
  name?: string
}

interface ChoiceProps<T extends string> {
  legend: string
  value: T
  options: readonly ChoiceOption<T>[]
  onChange: (value: T) => void
}

/** One of a few, side by side. Real radio buttons: arrow keys, names and forms work by themselves. */
export function Choice<T extends string>({ legend, value, options, onChange }: ChoiceProps<T>) {
  const group = useId()
  return (
    <fieldset className="flex shrink-0 rounded-sm border border-line bg-sheet p-0.5">
      <legend className="sr-only">{legend}</legend>
      {options.map(option => (
        <label
          key={option.value}
          title={option.name}
          className="relative flex h-7 items-center rounded-sm px-2.5 text-sm text-ink-soft whitespace-nowrap select-none hover:text-ink has-checked:bg-ink has-checked:text-ground has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
        >
          <input
            type="radio"
            name={group}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer appearance-none opacity-0 outline-none"
            aria-label={option.name}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
