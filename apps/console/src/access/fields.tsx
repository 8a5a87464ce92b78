import { PasswordField, TextField } from '../design/fields.tsx'

interface EntryProps {
  value: string
  onChange: (value: string) => void
  error: string | null
}

/** Shorter ones are refused by the server. */
const SHORTEST_PASSWORD = 10

export function EmailEntry(props: EntryProps & { readOnly?: boolean }) {
  return (
    <TextField
      label="E-mail"
      type="email"
      name="email"
      autoComplete="username"
      inputMode="email"
      autoCapitalize="none"
      spellCheck={false}
      required
      {...props}
    />
  )
}

export function NameEntry(props: EntryProps) {
  return <TextField label="Your name" name="name" autoComplete="name" required maxLength={100} {...props} />
}

export function PasswordEntry(props: EntryProps) {
  return <PasswordField label="Password" name="password" autoComplete="current-password" required {...props} />
}

export function NewPasswordEntry({ label = 'Password', ...props }: EntryProps & { label?: string }) {
  return (
    <PasswordField
      label={label}
      name="new-password"
      autoComplete="new-password"
      required
      minLength={SHORTEST_PASSWORD}
      maxLength={128}
      hint={`At least ${SHORTEST_PASSWORD} characters.`}
      {...props}
    />
  )
}
