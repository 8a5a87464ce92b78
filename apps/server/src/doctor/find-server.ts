import type { Config } from '../config.ts'
import { publicUrlOf } from '../public-url.ts'
import type { DoctorParts } from './doctor-parts.ts'
import type { Web } from './web.ts'

/** Where the server is, and whether it answers. */
export interface FoundServer {
  url: string
  answers: boolean
  /** One that nobody configured need not run. */
  told: DoctorParts['server']
}

/** Asks for the server at the address that clients use. */
export async function findServer(config: Config, web: Web): Promise<FoundServer> {
  const url = publicUrlOf(config, config.port)
  const answers = await web(`${url}/api/health/liveness`).then(
    ({ status }) => status === 200,
    () => false,
  )
  const silent = { missing: `no server answers at ${url}: start it, and run doctor again` }
  return { url, answers, told: answers || config.publicUrl !== null ? { part: { url } } : silent }
}
