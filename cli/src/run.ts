import { CalotypeError } from '@calotype/sdk'
import { Command, CommanderError } from 'commander'
import { audit } from './commands/audit.ts'
import { explain } from './commands/explain.ts'
import { images } from './commands/images.ts'
import { reconcile } from './commands/reconcile.ts'
import { upload } from './commands/upload.ts'
import { CommandError, EXIT_CODES, EXIT_MEANINGS, type FailureKind, kindOf } from './exit-codes.ts'
import type { Surroundings } from './session.ts'
import { plain } from './terminal.ts'

const COMMANDS = [images, upload, explain, reconcile, audit]

const KINDS = Object.entries(EXIT_MEANINGS).map(([kind, meaning]) => `  ${codeOf(kind)}  ${meaning}`)

function codeOf(kind: string): string {
  const found = Object.entries(EXIT_CODES).find(([name]) => name === kind)
  return String(found?.[1] ?? '').padStart(2)
}

/** Runs one command line (without program and file) and resolves with its exit code; 0 is that all went well. */
export async function run(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings
  const program = new Command('calotype')
    .description('Calotype from the command line: your pictures, looked after')
    .option('--url <address>', 'where Calotype listens (CALOTYPE_URL; otherwise http://127.0.0.1:3000)')
    .option('--key <key>', 'the API key (better CALOTYPE_API_KEY: other users can see command lines)')
    .option('--json', 'answer in JSON, for programs')
    .addHelpText('after', `\nExit codes:\n   0  all is well\n${KINDS.join('\n')}`)
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showSuggestionAfterError()
    .exitOverride()
  for (const command of COMMANDS) command(program, surroundings)
  inherit(program)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return 0
  } catch (error) {
    // It has said so itself.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage
    const kind = kindOf(error)
    terminal.err(`${sentence(error, kind)}\n`)
    return EXIT_CODES[kind]
  }
}

/** Settings of the program that commands made before do not take over by themselves. */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent)
    inherit(command)
  }
}

function sentence(error: unknown, kind: FailureKind): string {
  if (error instanceof CommandError) return error.message
  if (!(error instanceof CalotypeError))
    return error instanceof Error && error.name === 'AbortError' ? 'Stopped.' : String(error)
  const request = error.requestId === null ? '' : ` (request ${plain(error.requestId)})`
  return `${plain(error.detail)} [${plain(error.code)}]${kind === 'unreachable' ? '' : request}`
}
