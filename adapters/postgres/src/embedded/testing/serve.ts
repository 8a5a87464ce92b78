import { lockDataDirectory } from '../index.ts'
import { type LauncherCandidate, launcherCandidates } from '../launcher.ts'
import { findPostgresPackage } from '../postgres-package.ts'
import { startWithParts } from '../start-embedded-server.ts'

/** A server to be killed: `node serve.ts <data directory> [name of its only launcher, or that launcher as JSON]` */
const [dataDirectory = '', choice] = process.argv.slice(2)
// A ctrl-C goes to the whole group; the server decides itself when PostgreSQL stops.
process.on('SIGINT', () => {})
await lockDataDirectory(dataDirectory)
const parts = { packageFolder: findPostgresPackage(), launchers: launchers() }
const server = await startWithParts({ dataDirectory, log: () => {} }, parts)
process.stdout.write(`ready ${server.connectionString}\n`)

function launchers(): LauncherCandidate[] {
  if (choice === undefined) return launcherCandidates()
  if (choice.startsWith('{')) return [JSON.parse(choice)]
  return launcherCandidates().filter(candidate => candidate.name === choice)
}
