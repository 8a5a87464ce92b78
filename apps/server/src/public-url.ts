import type { Config } from './config.ts'

/** The address that clients use: as configured, else made of what this process listens on. */
export const publicUrlOf = (config: Pick<Config, 'publicUrl' | 'host'>, port: number): string =>
  config.publicUrl ?? `http://${urlHost(config.host)}:${port}`

const urlHost = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
