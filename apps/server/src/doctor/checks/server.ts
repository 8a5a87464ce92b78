import { Readiness } from '@calotype/contract'
import { type Check, failed, ok, skipped } from '../check.ts'

export const server: Check = {
  name: 'server',
  advice: 'Look at the log of the server, at the proxy before it, and at PUBLIC_URL.',
  run: async ({ server, web }) => {
    if ('missing' in server) return skipped(server.missing)
    const { status, text } = await web(`${server.part.url}/health`)
    const answer = Readiness.safeParse(jsonOf(text))
    if (!answer.success) return failed(`${server.part.url}/health is answered by something else (${status})`)
    const down = Object.entries(answer.data.parts).flatMap(([name, part]) => (part?.status === 'down' ? [name] : []))
    if (answer.data.status === 'ok') return ok(down.length === 0 ? 'ready' : `ready, without ${down.join(', ')}`)
    return failed(`not ready${down.length === 0 ? '' : `: ${down.join(', ')} down`}`)
  },
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
