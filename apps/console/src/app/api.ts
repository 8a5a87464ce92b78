import { createCalotype } from '@calotype/sdk'

/** The console is served by the server that it talks to; its session is a cookie. */
export const api = createCalotype({ baseUrl: location.origin })
