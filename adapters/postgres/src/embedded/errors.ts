export type EmbeddedServerErrorCode =
  | 'embedded_postgres_unsupported'
  | 'embedded_postgres_unusable'
  | 'data_directory_not_usable'
  | 'data_directory_other_version'
  | 'orphan_does_not_stop'
  | 'embedded_postgres_did_not_start'

export class EmbeddedServerError extends Error {
  readonly code: EmbeddedServerErrorCode

  constructor(code: EmbeddedServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedServerError'
    this.code = code
  }
}

export class DataDirectoryInUse extends Error {
  readonly code = 'data_directory_in_use'
  readonly dataDirectory: string
  readonly holderPid: number | undefined

  constructor(dataDirectory: string, holder: { pid: number; host: string } | undefined) {
    const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process'
    super(`${dataDirectory} is in use by ${who}. Stop that server first, or set DATA_DIR to another directory.`)
    this.name = 'DataDirectoryInUse'
    this.dataDirectory = dataDirectory
    this.holderPid = holder?.pid
  }
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
