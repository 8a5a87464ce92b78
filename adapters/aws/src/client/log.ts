/** Where failures go that no caller is told in full; the shape of a pino logger. */
export interface AwsLog {
  info(details: Record<string, unknown>, message: string): void
  warn(details: Record<string, unknown>, message: string): void
}

export const silentLog: AwsLog = { info: () => {}, warn: () => {} }
