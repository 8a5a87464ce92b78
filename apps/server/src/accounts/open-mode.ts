import { isLoopback } from '../loopback.ts'

/**
 * Why a server where nobody signs in must not start: others could reach it, and everybody who does is its owner. Empty when nobody else can,
 * or when it is forced.
 */
export function findOpenModeProblems(config: {
  auth: 'accounts' | 'open'
  forced: boolean
  host: string
  publicUrl: string | null
}): string[] {
  if (config.auth !== 'open' || config.forced) return []
  const problems: string[] = []
  const why = 'whoever reaches it would be its owner. Use AUTH=accounts, or AUTH_OPEN_PUBLIC=yes if that is meant'
  if (!isLoopback(config.host))
    problems.push(`AUTH="open": HOST=${JSON.stringify(config.host)} can be reached by others; ${why}`)
  if (config.publicUrl !== null && !isLoopback(new URL(config.publicUrl).hostname))
    problems.push(`AUTH="open": PUBLIC_URL=${JSON.stringify(config.publicUrl)} is a public address; ${why}`)
  return problems
}
