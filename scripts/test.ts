/**
 * `npm test`: types, lint with the import rules, format, unit and contract and conformance and short faults, then the
 * end-to-end tests in a real browser. Ends with `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium } from './chromium.ts'

const root = join(import.meta.dirname, '..')
process.chdir(root)
const work = mkdtempSync(join(tmpdir(), 'watchfloor-test-'))
let passed = 0
let failed = 0
let skipped = 0

function step(name: string, command: string, args: string[], env: Record<string, string> = {}): boolean {
  const began = Date.now()
  console.log(`\n== ${name}`)
  const result = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  const fine = result.status === 0
  console.log(`== ${name}: ${fine ? 'ok' : 'FAILED'} in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  return fine
}
function plain(name: string, args: string[]): void {
  if (step(name, process.execPath, args)) passed += 1
  else failed += 1
}
function suite(name: string, args: string[], env: Record<string, string> = {}): void {
  const report = join(work, `${name.replace(/\W+/g, '-')}.json`)
  const fine = step(
    name,
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    env,
  )
  try {
    const { numPassedTests, numFailedTests, numPendingTests, success } = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number
      numFailedTests: number
      numPendingTests: number
      success: boolean
    }
    passed += numPassedTests
    failed += numFailedTests + (fine && success ? 0 : numFailedTests === 0 ? 1 : 0)
    skipped += numPendingTests
  } catch {
    failed += 1
  }
}

plain('types', ['node_modules/typescript-native/bin/tsc', '--noEmit', '--checkers', '2'])
plain('lint', ['node_modules/oxlint/bin/oxlint'])
plain('import rules', ['scripts/import-rules.ts'])
plain('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'])
plain('reference pages', ['scripts/reference.ts', '--check'])
plain('third-party notices', ['scripts/notices.ts', '--check'])
plain('build', ['scripts/build.ts'])
const chromium = ensureChromium()
const env = 'path' in chromium ? { WATCHFLOOR_CHROMIUM: chromium.path } : {}
suite('unit, contract, conformance, faults', [], env)
if ('path' in chromium) suite('end to end', ['--config', 'vitest.e2e.config.ts'], env)
else {
  console.error(chromium.missing)
  failed += 1
}

rmSync(work, { recursive: true, force: true })
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed > 0 ? 1 : 0)
