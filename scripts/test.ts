/**
 * `npm test`: types, lint with the import rules, format, unit and contract and conformance and short faults, then the
 * end-to-end tests in a real browser. Ends with `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { ensureChromium } from './chromium.ts'

const root = join(import.meta.dirname, '..')
process.chdir(root)
const work = mkdtempSync(join(tmpdir(), 'watchfloor-test-'))
let passed = 0
let failed = 0
let skipped = 0
/** Said again just before the closing line: of a long output often only the end is kept. */
const failures: string[] = []

/** What is read of vitest's own JSON report. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  success: boolean
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

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
  else {
    failed += 1
    failures.push(name)
  }
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
    const read = JSON.parse(readFileSync(report, 'utf8')) as Report
    passed += read.numPassedTests
    failed += read.numFailedTests + (fine && read.success ? 0 : read.numFailedTests === 0 ? 1 : 0)
    skipped += read.numPendingTests
    for (const file of read.testResults.filter(({ status }) => status === 'failed')) {
      const where = relative(root, file.name)
      const tests = file.assertionResults.filter(({ status }) => status === 'failed')
      for (const test of tests) failures.push(`${where} > ${test.fullName}\n${begin(test.failureMessages[0] ?? '')}`)
      if (tests.length === 0) failures.push(`${where}\n${begin(file.message)}`)
    }
    if (!fine && read.success) failures.push(`${name}: every test passed, the run did not (see above)`)
  } catch {
    failed += 1
    failures.push(`${name}: no report`)
  }
}
/** The first lines of a message, without the colours. */
function begin(message: string): string {
  const lines = stripVTControlCharacters(message).split('\n').slice(0, 12)
  return lines.map((line) => `    ${line.slice(0, 240)}`).join('\n')
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
  failures.push('end to end: no browser')
}

rmSync(work, { recursive: true, force: true })
if (failures.length > 0) console.log(`\n== failed\n${failures.join('\n')}`)
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed > 0 ? 1 : 0)
