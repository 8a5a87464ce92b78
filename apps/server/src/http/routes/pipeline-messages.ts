import {
  ImageIdParams,
  PipelineMessage,
  PipelineMessageList,
  PipelineQuery,
  type PipelineMessage as WireMessage,
} from '@calotype/contract'
import { listMessages, type PipelineMessage as Message, messageBody, resendMessage } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

/** `/pipeline/messages`: what the detection pipeline was told, and what waits for it. */
export function pipelineMessages(app: App, deps: Deps): void {
  const present = (message: Message): WireMessage => ({
    id: message.id,
    project_id: message.projectId,
    status: message.status,
    message: messageBody(message, deps.blobs),
    attempts: message.attempts,
    last_error: message.lastError,
    created_at: message.createdAt.toISOString(),
    next_attempt_at: message.nextAttemptAt?.toISOString() ?? null,
    delivered_at: message.deliveredAt?.toISOString() ?? null,
  })

  const listSchema = {
    summary: 'List messages to the detection pipeline',
    description:
      'Newest first. Where no queue is set up messages stay `waiting`, and a pipeline reads them here with a service key (`analysis.write`) and acknowledges each by its report on the image.',
    tags: ['pipeline'],
    'x-permission': 'project.manage' as const,
    querystring: PipelineQuery,
    response: withProblems({ 200: PipelineMessageList }, [400, 403]),
  }
  app.get('/pipeline/messages', { schema: listSchema }, async request => {
    const { status, project_id, cursor, limit } = request.query
    const input = { status: status ?? null, projectId: project_id ?? null, cursor: cursor ?? null, limit }
    const { items, nextCursor } = await listMessages(deps, contextOf(request), input)
    return { items: items.map(present), next_cursor: nextCursor }
  })

  const resendSchema = {
    summary: 'Send a message to the pipeline again',
    description: 'Whatever came of it; the analysis of its image begins anew at `queued`.',
    tags: ['pipeline'],
    'x-permission': 'project.manage' as const,
    params: ImageIdParams,
    response: withProblems({ 202: PipelineMessage }, [400, 403, 409]),
  }
  app.post('/pipeline/messages/:id/resend', { schema: resendSchema }, async (request, reply) => {
    const message = await resendMessage(deps, contextOf(request), { messageId: request.params.id })
    request.projectId = message.projectId
    request.imageId = message.imageId
    return reply.code(202).send(present(message))
  })
}
