/** The token of a one-time link, from its fragment or from what somebody pasted. */
export function tokenIn(text: string): string | null {
  const match = /(?:^|#)token=([A-Za-z0-9._~-]+)/.exec(text.trim())
  return match?.[1] ?? null
}
