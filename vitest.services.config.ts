import { defineConfig } from 'vitest/config'

// `npm run test:services`: adapters against the real services of Debian packages, which are installed when missing (root).
export default defineConfig({
  test: {
    name: 'services',
    include: ['adapters/**/*.services.ts', 'apps/server/**/*.services.ts'],
    globalSetup: ['adapters/aws/src/testing/radosgw-setup.ts', 'apps/server/src/testing/cluster-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
