import { defineConfig } from 'vitest/config'

/** Long forms of faults and fuzzing: the same files with larger numbers, and those that are only worth it when long. */
export default defineConfig({
  test: {
    include: ['test/{faults,fuzz}/**/*.{test,fuzz}.ts'],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
  },
})
