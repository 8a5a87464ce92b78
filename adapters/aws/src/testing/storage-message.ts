/** A message as S3 sends it to a queue; the key as given, which S3 encodes. */
export function storageMessage(record: { key: string; bucket?: string; source?: string; event?: string }): string {
  const { key, bucket = 'photos', source = 'aws:s3', event = 'ObjectCreated:Put' } = record
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: source,
        eventTime: '2026-03-01T12:00:00.000Z',
        eventName: event,
        s3: {
          bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
          object: { key, size: 4_167, eTag: '0123456789abcdef0123456789abcdef', sequencer: '0055AED6DCD90281E5' },
        },
      },
    ],
  })
}
