/** `doctor`: looks at a whole deployment. */
export async function diagnose(
  _env: Record<string, string | undefined>,
  _words: readonly string[],
  _terminal: { out: NodeJS.WriteStream; signal: AbortSignal },
): Promise<number> {
  throw new Error('not yet')
}
