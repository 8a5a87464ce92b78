import { defineConfig } from 'vitest/config'

/** What decides over life and death of an image, and over who may do what: every branch is taken by a test beside it, or the check fails. */
export default defineConfig({
  test: {
    maxWorkers: '100%',
    testTimeout: 30_000,
    include: [
      'core/src/images/{image,sign-urls,retention,retry-image}.test.ts',
      'core/src/access/{permissions,find-project}.test.ts',
      'core/src/delivery/windows.test.ts',
      'core/src/pipeline/report-analysis.test.ts',
      'core/src/care/reconcile/{judge,confirm,reach}.test.ts',
      'adapters/disk/src/{disk-cdn,disk-upload-signer}.test.ts',
      'adapters/aws/src/cloudfront/cloudfront-cdn.test.ts',
      'adapters/aws/src/s3/*upload-signer.test.ts',
    ],
    coverage: {
      enabled: true,
      provider: 'v8',
      reporter: ['text'],
      reportsDirectory: 'node_modules/.cache/coverage',
      include: [
        // The state machine.
        'core/src/images/{image,move-image,analysis}.ts',
        // The permission table.
        'core/src/access/{permissions,authorize}.ts',
        // Signed URLs.
        'core/src/delivery/windows.ts',
        'core/src/images/sign-urls.ts',
        'adapters/disk/src/{disk-cdn,disk-upload-signer,signature,upload-terms}.ts',
        'adapters/aws/src/cloudfront/cloudfront-cdn.ts',
        'adapters/aws/src/s3/*upload-signer.ts',
        // Retention.
        'core/src/images/retention.ts',
        // What reconcile takes for a difference.
        'core/src/care/reconcile/{judge,scope,compare-streams,read-references,confirm}.ts',
      ],
      exclude: ['**/*.test.ts'],
      thresholds: { perFile: true, branches: 100 },
    },
  },
})
