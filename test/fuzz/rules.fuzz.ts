/** The long form: as many changed rules as `WATCHFLOOR_FUZZ` says. */
import { expect, it } from 'vitest'
import { fuzzRules } from './fuzz-rules.ts'

it('the rule loader and the matcher take anything', () => {
  const count = Number(process.env['WATCHFLOOR_FUZZ'] ?? 20_000)
  const counts = fuzzRules(count, Number(process.env['WATCHFLOOR_SEED'] ?? 1), (soFar) => console.error(JSON.stringify(soFar)))
  console.log(JSON.stringify(counts))
  expect(counts.inputs).toBe(count)
  expect(counts.rules).toBeGreaterThan(0)
  expect(counts.matches).toBeGreaterThan(0)
  expect(counts.found).toBeGreaterThan(0)
})
