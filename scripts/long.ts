/** The long forms: `npm run test:faults`, `npm run test:fuzz`. Not part of `npm test`, which runs their short forms. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const FORMS: Readonly<Record<string, { readonly folder: string; readonly env: Readonly<Record<string, string>> }>> = {
  faults: { folder: 'test/faults', env: { WATCHFLOOR_KILLS: '200' } },
  fuzz: { folder: 'test/fuzz', env: { WATCHFLOOR_FUZZ: '200000' } },
}
const name = process.argv[2] ?? ''
const form = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined
if (!form) {
  console.error(`usage: node scripts/long.ts ${Object.keys(FORMS).join('|')}`)
  process.exit(2)
}
const result = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.long.config.ts', form.folder, ...process.argv.slice(3)],
  {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'inherit',
    env: { ...form.env, ...process.env },
  },
)
process.exit(result.status ?? 1)
