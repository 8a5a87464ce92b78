/** Messages of one call to a queue. */
export const PUBLISH_BATCH = 10

export interface OutgoingMessage {
  /** To tell failures by. */
  id: string
  body: string
}

export interface PublishFailure {
  id: string
  code: string
  reason: string
  /** Whether the same message may succeed later. */
  retryable: boolean
}

/** The queue of the detection pipeline. */
export interface MessagePublisher {
  /** Sends messages at least once each. Resolves with those that were not taken. */
  publish(messages: readonly OutgoingMessage[]): Promise<readonly PublishFailure[]>
}
