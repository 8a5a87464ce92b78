/** What readiness asks of one part. */
export interface Part {
  /** Resolves when the part answers, with a text where there is something to know about it; rejects otherwise. */
  check(): Promise<unknown>
  /** Whether the process is of no use without it. */
  vital: boolean
}

/** The parts of this process; which there are depends on its shape and roles. */
export interface HealthParts {
  database: Part
  /** The copy that some reads go to. */
  replica?: Part | undefined
  storage: Part
  /** The feed of events that live streams, waiting requests and revocations depend on. */
  events: Part
  /** Jobs are taken and done. */
  queue?: Part | undefined
  engine?: Part | undefined
  /** The queue of the bucket's events. */
  storage_events?: Part | undefined
  cache?: Part | undefined
}

export const vital = (check: Part['check']): Part => ({ check, vital: true })
