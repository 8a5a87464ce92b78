export const MESSAGE_STATUSES = ['waiting', 'delivered', 'failed'] as const
/** `delivered`: the queue took it, or, where there is none, the pipeline has reported on the image. */
export type MessageStatus = (typeof MESSAGE_STATUSES)[number]

/** A message for the detection pipeline about one image. */
export interface PipelineMessage {
  id: string
  projectId: string
  imageId: string
  types: readonly string[]
  priority: 'low' | 'normal' | 'high'
  status: MessageStatus
  /** Key of the image's original now; null when it is no longer kept. */
  originalKey: string | null
  /** Tries since it was made or sent again by hand. */
  attempts: number
  /** Why the last try came to nothing. */
  lastError: string | null
  createdAt: Date
  /** When its tries began: when it was made, or sent again by hand. */
  since: Date
  /** Null when it is not waiting. */
  nextAttemptAt: Date | null
  deliveredAt: Date | null
}

export interface NewPipelineMessage
  extends Pick<PipelineMessage, 'id' | 'projectId' | 'imageId' | 'types' | 'priority'> {
  at: Date
}

export interface MessageClaim {
  now: Date
  leaseUntil: Date
  token: string
  limit: number
}

export interface MessageSettlement {
  id: string
  projectId: string
  status: MessageStatus
  lastError: string | null
  nextAttemptAt: Date | null
}

export interface MessageQuery {
  organizationId: string
  /** Null: every project of the organisation. */
  projectIds: readonly string[] | null
  status: MessageStatus | null
  before: string | null
  limit: number
}

/** Messages by project, in the order in which they were left. */
export interface PipelineStore {
  add(message: NewPipelineMessage): Promise<void>
  /**
   * Takes messages that are due: those of high priority first, then the oldest; of one image never one while an earlier one waits.
   */
  claim(claim: MessageClaim): Promise<readonly PipelineMessage[]>
  /** Writes what came of a claim, except for messages that were given to somebody else or settled meanwhile. */
  settle(token: string, settlements: readonly MessageSettlement[], at: Date): Promise<void>
  /** When the next message becomes due; null when none waits. */
  findNextDue(): Promise<Date | null>
  /** The pipeline spoke of the image: what waits for it is delivered. */
  acknowledge(image: { projectId: string; imageId: string }, at: Date): Promise<void>
  /** Puts a message at the end, due now, with new tries; null when there is none. */
  requeue(key: { projectId: string; id: string }, at: Date): Promise<PipelineMessage | null>
  /** The message, if its project belongs to the organisation and its image is not purged. */
  find(organizationId: string, id: string): Promise<PipelineMessage | null>
  /** Newest first. */
  list(query: MessageQuery): Promise<readonly PipelineMessage[]>
}
