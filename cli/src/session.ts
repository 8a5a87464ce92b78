import { type Calotype, createCalotype } from '@calotype/sdk'
import type { Command } from 'commander'
import { CommandError } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What commands work with besides their own options. */
export interface Surroundings {
  env: Environment
  terminal: Terminal
  /** Aborted when the person has had enough. */
  signal: AbortSignal
}

export interface Session extends Surroundings {
  calotype: Calotype
  /** Answers go out as JSON, for programs. */
  json: boolean
}

interface GlobalOptions {
  url?: string
  key?: string
  json?: boolean
}

const DEFAULT_URL = 'http://127.0.0.1:3000'

/** The server and the key of a command, by its options or by the environment. */
export function openSession(command: Command, surroundings: Surroundings): Session {
  const options: GlobalOptions = command.optsWithGlobals()
  const baseUrl = options.url ?? surroundings.env.CALOTYPE_URL ?? DEFAULT_URL
  const apiKey = options.key ?? surroundings.env.CALOTYPE_API_KEY
  if (!apiKey) throw new CommandError('unauthorized', 'A key is needed: set CALOTYPE_API_KEY, or pass --key.')
  if (!URL.canParse(baseUrl))
    throw new CommandError('usage', `${baseUrl} is not an address. Pass one like ${DEFAULT_URL}.`)
  return { ...surroundings, json: options.json === true, calotype: createCalotype({ baseUrl, apiKey }) }
}

/** Prints an answer: as JSON where that was asked for, else in words. */
export function answer({ json, terminal }: Session, value: unknown, words: string): void {
  terminal.out(json ? `${JSON.stringify(value, null, 2)}\n` : `${words}\n`)
}
