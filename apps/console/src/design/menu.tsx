import { type ComponentProps, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { moveInMenu } from './menu-keys.ts'

interface MenuProps {
  /** The name of the button and of the menu. */
  label: string
  button: ReactNode
  className?: string
  align?: 'left' | 'right'
  children: ReactNode
}

const itemsOf = (menu: HTMLElement | null): HTMLElement[] => [
  ...(menu?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? []),
]

/** A button that opens a menu, by the ARIA menu button pattern: arrows, Home, End, letters, Escape. */
export function Menu({ label, button, className = '', align = 'left', children }: MenuProps) {
  const [open, setOpen] = useState<'first' | 'last' | null>(null)
  const id = useId()
  const frame = useRef<HTMLDivElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (open === null) return
    itemsOf(menu.current)
      .at(open === 'first' ? 0 : -1)
      ?.focus()
    const onPointer = ({ target }: PointerEvent) => {
      if (!(target instanceof Node) || !frame.current?.contains(target)) setOpen(null)
    }
    addEventListener('pointerdown', onPointer)
    return () => removeEventListener('pointerdown', onPointer)
  }, [open])

  const close = () => {
    setOpen(null)
    opener.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // The page has meanings of its own for arrows and Escape.
    event.stopPropagation()
    if (event.key === 'Escape') {
      close()
    } else if (event.key === 'Tab') setOpen(null)
    else {
      const items = itemsOf(menu.current)
      const from = items.findIndex(item => item.matches(':focus'))
      const names = items.map(item => item.textContent?.trim() ?? '')
      const to = moveInMenu(from, event.key, names)
      if (to === null) return
      event.preventDefault()
      items[to]?.focus()
    }
  }

  return (
    <div ref={frame} className="relative min-w-0">
      <button
        ref={opener}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open !== null}
        aria-controls={open === null ? undefined : id}
        aria-label={label}
        title={label}
        onClick={() => setOpen(open === null ? 'first' : null)}
        onKeyDown={event => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          setOpen(event.key === 'ArrowDown' ? 'first' : 'last')
        }}
        className={`inline-flex h-9 max-w-full min-w-0 items-center gap-2 rounded-sm px-2 text-sm text-ink-soft select-none hover:bg-hover hover:text-ink aria-expanded:bg-hover aria-expanded:text-ink ${className}`}
      >
        {button}
      </button>
      {open !== null && (
        <div
          ref={menu}
          id={id}
          role="menu"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={onKeyDown}
          onClick={event => {
            if (event.target instanceof Element && event.target.closest('[role^=menuitem]') !== null) close()
          }}
          className={`z-40 max-h-[70dvh] min-w-60 overflow-y-auto rounded-md border border-line bg-sheet p-1 shadow-float animate-develop max-sm:fixed max-sm:inset-x-2 max-sm:top-14 sm:absolute sm:top-full sm:mt-1 sm:w-max sm:max-w-80 ${align === 'left' ? 'sm:left-0' : 'sm:right-0'}`}
        >
          {children}
        </div>
      )}
    </div>
  )
}

export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  const id = useId()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of menu items is no fieldset
    <div role="group" aria-labelledby={id} className="border-line not-first:mt-1 not-first:border-t not-first:pt-1">
      <p id={id} className="truncate px-2.5 pt-1.5 pb-1 text-xs text-ink-faint">
        {label}
      </p>
      {children}
    </div>
  )
}

const row =
  'flex min-h-9 w-full items-center gap-2.5 rounded-sm px-2.5 py-1.5 text-left text-sm hover:bg-hover focus:bg-hover focus-visible:outline-offset-[-2px]'

interface MenuItemProps extends Omit<ComponentProps<'button'>, 'role'> {
  icon?: IconName
  /** One of several that exclude each other. */
  checked?: boolean
}

export function MenuItem({ icon, checked, children, ...rest }: MenuItemProps) {
  const kind = checked === undefined ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': checked }
  return (
    <button type="button" tabIndex={-1} className={row} {...kind} {...rest}>
      <span className="flex w-4 shrink-0 justify-center text-ink-soft">
        {checked && <Icon name="check" />}
        {icon && <Icon name={icon} />}
      </span>
      <span className="min-w-0 truncate">{children}</span>
    </button>
  )
}
