import { z } from 'zod'

/** Environment variables of what goes out to others: webhooks and the detection pipeline. */
export const MessageEnvironment = {
  WEBHOOK_ALLOW_PRIVATE: z
    .enum(['yes', 'no'])
    .default('no')
    .describe(
      '`yes` lets webhooks lead to http and to addresses of your own networks: for laptops and tests, never for strangers.',
    ),
  SQS_PIPELINE_QUEUE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
    .optional()
    .describe('Queue of the detection pipeline. Without it messages wait to be read at `GET /pipeline/messages`.'),
}

/** How messages leave this installation. */
export interface MessageSettings {
  allowPrivateWebhooks: boolean
  pipelineQueue: { region: string; queueUrl: string } | null
}

type Fields = z.infer<z.ZodObject<typeof MessageEnvironment>> & { AWS_REGION: string }

export const readMessageSettings = (e: Fields): MessageSettings => ({
  allowPrivateWebhooks: e.WEBHOOK_ALLOW_PRIVATE === 'yes',
  pipelineQueue:
    e.SQS_PIPELINE_QUEUE_URL === undefined ? null : { region: e.AWS_REGION, queueUrl: e.SQS_PIPELINE_QUEUE_URL },
})
