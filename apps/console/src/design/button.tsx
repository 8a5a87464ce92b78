import type { ComponentProps } from 'react'
import { Icon, type IconName } from './icon.tsx'

type Look = 'primary' | 'plain' | 'quiet' | 'danger'

const looks: Record<Look, string> = {
  primary: 'bg-amber text-on-amber hover:bg-amber-hover font-medium',
  plain: 'border border-line-strong bg-sheet hover:bg-hover',
  quiet: 'text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'bg-red-fill text-white hover:brightness-110 font-medium',
}

const shape =
  'inline-flex items-center justify-center gap-2 rounded-sm text-sm whitespace-nowrap select-none disabled:opacity-55 transition-colors duration-100'

/** For links that look like buttons. */
export const buttonClass = (look: Look): string => `${shape} h-9 px-3 ${looks[look]}`

interface ButtonProps extends ComponentProps<'button'> {
  look?: Look
  icon?: IconName
}

export function Button({ look = 'plain', icon, className = '', children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`${buttonClass(look)} ${className}`} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label' | 'children'> {
  icon: IconName
  label: string
  small?: boolean
}

/** The label is its name and its tooltip. */
export function IconButton({ icon, label, small = false, className = '', ...rest }: IconButtonProps) {
  const size = small ? 'size-7' : 'size-9'
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`${shape} ${size} ${looks.quiet} ${className}`}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  )
}
