import { type Closers, createClosers } from '../closers.ts'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { configurationFailures } from '../doctor/checks/configuration.ts'
import { EXIT, examine, present, type Screen } from '../doctor/doctor.ts'
import { openDoctorParts } from './doctor-parts.ts'

const FLAGS: readonly string[] = ['--json']

interface Terminal {
  out: NodeJS.WriteStream
  signal: AbortSignal
}

/** `doctor`: proves a deployment by the same configuration as the server's, and resolves with the exit code. Serves and changes nothing. */
export async function diagnose(
  env: Record<string, string | undefined>,
  words: readonly string[],
  { out, signal }: Terminal,
): Promise<number> {
  const unknown = words.filter(word => !FLAGS.includes(word))
  if (unknown.length > 0) {
    out.write(`doctor knows ${FLAGS.join(', ')}, not ${unknown.join(' ')}\n`)
    return EXIT.usage
  }
  const screen: Screen = {
    ...{ interactive: out.isTTY === true, json: words.includes('--json') },
    write: text => void out.write(text),
  }
  const config = readOrNull(env)
  if (config instanceof ConfigError) return present(configurationFailures(config), screen)
  const closers: Closers = createClosers()
  try {
    return await examine(await openDoctorParts(config, signal, closers), screen)
  } finally {
    await closers.close()
  }
}

function readOrNull(env: Record<string, string | undefined>): Config | ConfigError {
  try {
    return readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
}
