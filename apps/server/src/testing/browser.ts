import type { InjectOptions } from 'fastify'
import { PUBLIC_URL, type TestServer } from './test-server.ts'

/** Long enough, and nobody's. */
export const PASSWORD = 'a long enough password'
let count = 0

/** An address that nobody used yet: sign-ins are counted by it. */
export const newAddress = (): string => {
  count += 1
  return `10.${(count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}`
}

/** A browser on the console's pages: it keeps cookies and sends what those pages send. */
export function openBrowser(server: TestServer, options: { address?: string } = {}) {
  const jar = new Map<string, string>()
  const address = options.address ?? newAddress()
  const send = async (request: InjectOptions) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      ...(cookie === '' ? {} : { cookie }),
      ...{ origin: PUBLIC_URL, host: new URL(PUBLIC_URL).host, 'x-calotype-console': '1' },
      ...request.headers,
    }
    const answer = await server.app.inject({ ...request, headers, remoteAddress: address })
    for (const { name, value, maxAge } of answer.cookies) {
      if (value === '' || maxAge === 0) jar.delete(name)
      else jar.set(name, encodeURIComponent(value))
    }
    return answer
  }
  const auth = (path: string, payload: object, headers: Record<string, string> = {}) =>
    send({
      method: 'POST',
      url: `/api/auth/${path}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    })
  return {
    jar,
    send,
    auth,
    get: (url: string) => send({ method: 'GET', url: `/api/v1${url}` }),
    post: (url: string, payload: object) => send({ method: 'POST', url: `/api/v1${url}`, payload }),
    signUp: (email: string, more: { name?: string; invitation?: string } = {}) =>
      auth(
        'sign-up/email',
        { name: more.name ?? 'Ada Lovelace', email, password: PASSWORD },
        more.invitation === undefined ? {} : { 'x-calotype-invitation': more.invitation },
      ),
    signIn: (email: string, password = PASSWORD) => auth('sign-in/email', { email, password }),
    /** Opens the server's one-time link. */
    openLink: async () => {
      const token = (await server.issueConsoleLink()).split('#token=')[1]
      return send({ method: 'POST', url: '/api/v1/session', payload: { token } })
    },
  }
}

export type Browser = ReturnType<typeof openBrowser>
