import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findIsolation, SCRUBBED_ENVIRONMENT } from './isolation.ts'
import { ENGINE_NODE_OPTIONS } from './node-options.ts'

/**
 * Starts an engine process: as isolated as the system allows, in a process group of its own (a signal to the server's
 * group must not reach it in the middle of a drain), with an IPC channel.
 * @param program the worker program, a file URL
 */
export const launch = (program: URL): ChildProcess => {
  const node = [process.execPath, ...ENGINE_NODE_OPTIONS, fileURLToPath(program)]
  const [command = process.execPath, ...rest] = [...findIsolation().command, ...node]
  return spawn(command, rest, {
    detached: true,
    env: SCRUBBED_ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
  })
}
