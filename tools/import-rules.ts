import { spawnSync } from 'node:child_process'
import { z } from 'zod'

const Cruise = z.object({
  modules: z.array(z.object({ source: z.string(), dependencies: z.array(z.object({ resolved: z.string() })) })),
})

/** Imports of every kind that the rules have to see: plain, type-only, through a package's door, of a built-in and of a library. */
const KNOWN_IMPORTS: readonly (readonly [from: string, to: string])[] = [
  ['core/src/images/accept-upload.ts', 'core/src/access/index.ts'],
  ['core/src/context.ts', 'core/src/access/actor.ts'],
  ['apps/server/src/wiring/storage.ts', 'adapters/disk/src/index.ts'],
  ['adapters/disk/src/disk-blob-store.ts', 'core/src/index.ts'],
  ['core/src/blob-store.ts', 'node:stream'],
  ['apps/server/src/http/build-app.ts', 'node_modules/fastify/fastify.js'],
]

/** A rule that sees no imports finds no violations: what the import rules are known to miss, one line each. */
export function findImportBlindness(): string[] {
  const cruise = spawnSync('depcruise', ['--output-type', 'json', 'core', 'adapters', 'apps/server'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const { modules } = Cruise.parse(JSON.parse(cruise.stdout))
  const seen = new Map(modules.map(module => [module.source, module.dependencies.map(({ resolved }) => resolved)]))
  return KNOWN_IMPORTS.filter(
    ([from, to]) => !seen.get(from)?.some(found => found === to || found === to.replace('node:', '')),
  ).map(
    ([from, to]) =>
      `the import of ${to} by ${from} is not seen; it sees ${seen.get(from)?.join(', ') ?? 'no such file'}`,
  )
}
