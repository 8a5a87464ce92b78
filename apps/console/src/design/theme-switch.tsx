import { IconButton } from './button.tsx'
import type { IconName } from './icon.tsx'
import { setTheme, type Theme, useTheme } from './theme.ts'

const steps: Record<Theme, { icon: IconName; next: Theme; label: string }> = {
  system: { icon: 'auto', next: 'light', label: 'Theme: as the system. Switch to light' },
  light: { icon: 'sun', next: 'dark', label: 'Theme: light. Switch to dark' },
  dark: { icon: 'moon', next: 'system', label: 'Theme: dark. Follow the system' },
}

export function ThemeSwitch() {
  const { icon, next, label } = steps[useTheme()]
  return <IconButton icon={icon} label={label} onClick={() => setTheme(next)} />
}
