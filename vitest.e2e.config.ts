import { defineConfig } from 'vitest/config'

/** A machine may be slow: what must come has half a minute, wherever it is waited for. */
const patience = { testTimeout: 180_000, hookTimeout: 120_000, expect: { poll: { timeout: 30_000 } } }

/**
 * The application in a real Chromium. `screens`: the pages over a made-up engine; `desk`: the built engine behind its browser host. Of
 * both two files run at a time, each with its own browser, folders and ports. `faults` come last and alone: there it matters how fast
 * the page says that something is wrong.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'screens',
          include: ['test/e2e/screen-*.e2e.ts'],
          globalSetup: ['test/e2e/screens-setup.ts'],
          pool: 'forks',
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          ...patience,
        },
      },
      {
        test: {
          name: 'desk',
          include: ['test/e2e/*.e2e.ts'],
          exclude: ['test/e2e/screen-*.e2e.ts', 'test/e2e/faults.e2e.ts'],
          pool: 'forks',
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          ...patience,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/e2e/faults.e2e.ts'],
          pool: 'forks',
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          ...patience,
        },
      },
    ],
  },
})
