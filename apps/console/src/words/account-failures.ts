import { CalotypeError } from '@calotype/sdk'
import { failureOfError } from './failures.ts'
import { formatDuration } from './numbers.ts'

export type AccountField = 'name' | 'email' | 'password' | 'current'

export interface AccountFailure {
  /** Which entry it is about; null: the whole. */
  field: AccountField | null
  detail: string
  /** How long it makes no sense to try again. */
  waitMs: number | null
}

const known: Record<string, [field: AccountField | null, detail: string]> = {
  invalid_email_or_password: [null, 'The e-mail or the password is not right. Passwords tell A from a.'],
  invalid_email: ['email', 'That is no e-mail address.'],
  user_already_exists: ['email', 'There is an account with this e-mail already. Sign in with it.'],
  user_already_exists_use_another_email: ['email', 'There is an account with this e-mail already. Sign in with it.'],
  password_too_short: ['password', 'That is too short. A few words in a row are easy to keep and hard to guess.'],
  password_too_long: ['password', 'That is longer than the server keeps. Take fewer than 128 characters.'],
  invalid_password: ['current', 'That is not your present password.'],
  invalid_token: [null, 'This link was used already, or its time is over. Ask for a new letter.'],
  registration_closed: [null, 'Registration is closed here. Ask somebody who is in for an invitation.'],
  email_password_sign_up_disabled: [null, 'Registration is closed here. Ask somebody who is in for an invitation.'],
  invitation_for_other: [null, 'This invitation was made for another e-mail address. Use the account that has it.'],
  invitation_gone: [null, 'This invitation was used, taken back, or its time is over. Ask for a new one.'],
  last_owner: [null, 'Others depend on you as the only owner of an organisation. Make somebody else an owner first.'],
  session_expired: [null, 'You signed in too long ago for this. Sign out, sign in, and do it again.'],
  session_not_fresh: [null, 'You signed in too long ago for this. Sign out, sign in, and do it again.'],
}

/** What the calls of accounts refuse, as a person reads it. */
export function accountFailure(error: unknown): AccountFailure {
  const waitMs = error instanceof CalotypeError && error.status === 429 ? (error.retryAfterMs ?? 60_000) : null
  if (waitMs !== null) return { field: null, detail: waitWords(waitMs), waitMs }
  const [field, detail] = (error instanceof CalotypeError ? known[error.code.toLowerCase()] : undefined) ?? [
    null,
    failureOfError(error).detail,
  ]
  return { field, detail, waitMs: null }
}

export const waitWords = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000)
  const time = seconds < 60 ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}` : formatDuration(ms)
  return `Too many tries. Wait ${time}, then try again.`
}
