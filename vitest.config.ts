import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    reporters: ['default', 'json'],
    outputFile: { json: 'coverage/results.json' },
    coverage: {
      provider: 'v8',
      reportsDirectory: 'coverage/report',
      include: ['src/**/*.ts'],
      // What asks a server is run where one can be started, and counted nowhere; threads and the page in its browser are not
      // seen by v8's coverage.
      exclude: [
        'src/bin.ts',
        'src/{sign,verify}-worker.ts',
        'src/registry/postgres.ts',
        'src/batch/queue.ts',
        'src/web/!(page-file|words).ts',
        'src/**/*.d.ts',
      ],
      reporter: ['text', 'json-summary'],
      thresholds: { lines: 95 },
    },
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          globalSetup: 'test/known-answers-table.ts',
          include: ['test/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['test/types/**/*.test-d.ts'],
            tsconfig: './tsconfig.json',
          },
        },
      },
    ],
  },
})
