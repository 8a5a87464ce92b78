import { z } from 'zod'

const MAX_PORT = 65_535

const ports = z
  .string()
  .default('80,443')
  .transform(text => text.split(',').map(Number))
  .refine(list => list.every(port => Number.isInteger(port) && port >= 1 && port <= MAX_PORT), {
    error: 'must be port numbers, separated by commas',
  })

/** Environment variables of imports from URLs. */
export const ImportEnvironment = {
  IMPORT_ALLOW_PRIVATE: z
    .enum(['yes', 'no'])
    .default('no')
    .describe(
      '`yes` lets imports read from addresses of your own networks: for laptops and tests, never where strangers may upload.',
    ),
  IMPORT_PORTS: ports.describe('Ports that imports may call, separated by commas.'),
}

export interface ImportSettings {
  allowPrivate: boolean
  ports: readonly number[]
}

export const readImportSettings = (e: z.infer<z.ZodObject<typeof ImportEnvironment>>): ImportSettings => ({
  allowPrivate: e.IMPORT_ALLOW_PRIVATE === 'yes',
  ports: e.IMPORT_PORTS,
})
