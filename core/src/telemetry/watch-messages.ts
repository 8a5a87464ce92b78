import type { MessagePublisher } from '../pipeline/index.ts'
import type { WebhookSender } from '../webhooks/index.ts'
import type { LabelsOf } from './metrics.ts'
import type { Telemetry } from './telemetry.ts'
import { traced } from './tracer.ts'

/** A queue of the pipeline whose messages are counted and traced. */
export function watchPublisher(publisher: MessagePublisher, { meters, tracer }: Telemetry): MessagePublisher {
  const count = (outcome: 'published' | 'refused', by: number) =>
    meters.counter('calotype_pipeline_messages_total', { outcome }).add(by)
  return {
    publish: messages => {
      const attributes = { 'calotype.messages': messages.length }
      return traced(tracer, 'pipeline publish', { kind: 'producer', attributes }, async () => {
        try {
          const failures = await publisher.publish(messages)
          count('refused', failures.length)
          count('published', messages.length - failures.length)
          return failures
        } catch (error) {
          count('refused', messages.length)
          throw error
        }
      })
    },
  }
}

/** A sender of webhooks whose tries are counted, timed and traced; receivers are told the trace. */
export function watchSender(sender: WebhookSender, { meters, tracer }: Telemetry): WebhookSender {
  return {
    refusalOf: url => sender.refusalOf(url),
    send: request =>
      traced(tracer, 'webhook send', { kind: 'client', parent: null }, async span => {
        const started = performance.now()
        const trace = tracer.current()
        const headers = trace === null ? request.headers : { ...request.headers, traceparent: trace }
        const outcome = await sender.send({ ...request, headers })
        meters.histogram('calotype_webhook_send_seconds', {}).observe((performance.now() - started) / 1000)
        meters.counter('calotype_webhook_sends_total', { outcome: outcomeOf(outcome.status) }).add()
        if (outcome.status === null) span.fail('no_answer')
        else span.set({ 'http.response.status_code': outcome.status })
        return outcome
      }),
  }
}

function outcomeOf(status: number | null): LabelsOf<'calotype_webhook_sends_total'>['outcome'] {
  if (status === null) return 'no_answer'
  if (status < 300) return '2xx'
  if (status < 400) return '3xx'
  return status < 500 ? '4xx' : '5xx'
}
