/** The library's calls that we answer, below /api/auth. Every other one does not exist: among them are those that list others or sessions' secrets. */
export const CALLS: ReadonlySet<string> = new Set([
  'POST /sign-up/email',
  'POST /sign-in/email',
  'POST /sign-out',
  'POST /request-password-reset',
  'POST /reset-password',
  'POST /change-password',
  'POST /update-user',
  'POST /delete-user',
  'POST /revoke-sessions',
  'GET /get-session',
  'GET /token',
  'GET /jwks',
])
