import { useNavigate } from '@tanstack/react-router'
import { session } from '../access/keeper.ts'
import { useMe } from '../access/me.tsx'
import { Icon } from '../design/icon.tsx'
import { Menu, MenuGroup, MenuItem } from '../design/menu.tsx'
import { useSay } from '../design/notices.tsx'
import { setTheme, type Theme, useTheme } from '../design/theme.ts'
import { failureOfError } from '../words/failures.ts'
import { roleWord } from '../words/roles.ts'

const themes: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

export function AccountMenu() {
  const { user, role } = useMe()
  const theme = useTheme()
  const navigate = useNavigate()
  const say = useSay()
  const leave = () => session.leave().catch(error => say({ text: failureOfError(error).detail, tone: 'bad' }))
  const go = (to: '/settings/account' | '/settings' | '/images/entities') => void navigate({ to })
  const who = user === null ? `One-time link · ${roleWord[role]}` : `${user.name} · ${roleWord[role]}`
  return (
    <Menu
      label="Account and settings"
      align="right"
      className="w-9 justify-center px-0"
      button={<Icon name="person" />}
    >
      <MenuGroup label={who}>
        <MenuItem icon="person" onClick={() => go('/settings/account')}>
          {user === null ? 'Your account' : user.email}
        </MenuItem>
        <MenuItem icon="large" onClick={() => go('/images/entities')}>
          Slots and galleries
        </MenuItem>
        <MenuItem icon="settings" onClick={() => go('/settings')}>
          Settings
        </MenuItem>
      </MenuGroup>
      <MenuGroup label="Theme">
        {themes.map(({ value, label }) => (
          <MenuItem key={value} checked={theme === value} onClick={() => setTheme(value)}>
            {label}
          </MenuItem>
        ))}
      </MenuGroup>
      <MenuGroup label="This browser">
        <MenuItem icon="leave" onClick={leave}>
          Sign out
        </MenuItem>
      </MenuGroup>
    </Menu>
  )
}
