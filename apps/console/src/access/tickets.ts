/** What a link of the server brings along in its fragment. */
export interface Ticket {
  kind: 'link' | 'invitation' | 'reset'
  token: string
}

const kinds = { token: 'link', invitation: 'invitation', reset: 'reset' } as const
const isName = (name: string | undefined): name is keyof typeof kinds => name !== undefined && name in kinds

/** The ticket in a fragment, or in a link that somebody pasted. */
export function ticketIn(text: string): Ticket | null {
  const [, name, token] = /(?:^|#)(token|invitation|reset)=([A-Za-z0-9._~-]+)/.exec(text.trim()) ?? []
  return isName(name) && token !== undefined ? { kind: kinds[name], token } : null
}

const storageKey = 'calotype-invitation'

/** An invitation outlives a reload of its tab: phones drop tabs while people look for their password. */
export function rememberInvitation(token: string | null): void {
  try {
    if (token === null) sessionStorage.removeItem(storageKey)
    else sessionStorage.setItem(storageKey, token)
  } catch {
    // Storage may be forbidden: then the link has to be opened again.
  }
}

export function rememberedInvitation(): string | null {
  try {
    return sessionStorage.getItem(storageKey)
  } catch {
    return null
  }
}
