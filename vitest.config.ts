import { defineConfig } from 'vitest/config'

const unit = { testTimeout: 30_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    // Vitest leaves one core free, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          ...unit,
          name: 'unit',
          include: [
            '{core,contract,adapters,sdk,cli,tools,bench,infra}/**/*.test.ts',
            'apps/console/src/**/*.test.{ts,tsx}',
          ],
          exclude: ['**/node_modules/**', 'adapters/postgres/**'],
          // Loading the program anew for each file costs more than half of the time; no module keeps a state that tests could see.
          isolate: false,
        },
      },
      {
        test: {
          ...unit,
          name: 'postgres',
          include: ['adapters/postgres/**/*.test.ts'],
          globalSetup: ['adapters/postgres/src/testing/postgres-setup.ts'],
          isolate: false,
        },
      },
      {
        test: {
          ...unit,
          name: 'server',
          include: ['apps/server/**/*.test.ts'],
          globalSetup: ['apps/server/src/testing/cluster-setup.ts'],
          isolate: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/src/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
