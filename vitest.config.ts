import { defineConfig } from 'vitest/config'

/** Tests that start no thread, process or store of their own and change nothing outside themselves. */
const PLAIN = [
  '{shared,renderer}/**/*.test.{ts,tsx}',
  'electron/engine/{evtx,hosts,verify}/**/*.test.ts',
  'electron/engine/packets/{decode,facts,filter,flows}/**/*.test.ts',
]

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        // One process runs file after file: most of their time went into loading the same modules anew for each.
        test: { name: 'plain', include: PLAIN, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'engine',
          globalSetup: ['test/global-setup.ts'],
          include: ['{electron,test,scripts}/**/*.test.{ts,tsx}'],
          exclude: [...PLAIN, 'test/e2e/**', 'test/fixtures/**', 'node_modules/**', 'dist/**'],
        },
      },
    ],
  },
})
