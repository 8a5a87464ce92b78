import type { Image, MessageStatus, PipelineMessage, PipelineMessageList } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'

export interface MessagesOptions {
  status?: MessageStatus | undefined
  projectId?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
  signal?: AbortSignal | undefined
}

export function createPipeline({ callFor }: Connection) {
  return {
    /** One page, newest first. */
    messages: ({ projectId, signal, ...query }: MessagesOptions = {}) =>
      callFor<PipelineMessageList>({ path: '/pipeline/messages', query: { project_id: projectId, ...query }, signal }),
    resend: (messageId: string) =>
      callFor<PipelineMessage>({ method: 'POST', path: `/pipeline/messages/${messageId}/resend` }),
    /** For pipelines: how far the analysis of an image is. */
    report: (imageId: string, status: 'processing' | 'completed' | 'failed', result?: unknown) =>
      callFor<Image>({
        method: 'PATCH',
        path: `/images/${imageId}/status`,
        json: { analysis_status: status, ...(result === undefined ? {} : { result }) },
      }),
  }
}
