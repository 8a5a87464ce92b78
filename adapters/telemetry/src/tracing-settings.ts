/** The samplers of OpenTelemetry that the program knows. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

/** Where traces go, and how many. */
export interface TracingSettings {
  /** The whole URL that spans are posted to. */
  url: string
  /** May carry a secret. */
  headers: Readonly<Record<string, string>>
  serviceName: string
  /** What else every span says of its process. */
  resource: Readonly<Record<string, string>>
  sampler: (typeof SAMPLERS)[number]
  /** From 0 to 1, for samplers by ratio. */
  ratio: number
}
