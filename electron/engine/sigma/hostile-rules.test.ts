import { expect, it } from 'vitest'
import { fuzzRules } from '../../../test/fuzz/fuzz-rules.ts'

it('takes changed rules of any kind without harm (short form of test/fuzz/rules.fuzz.ts)', () => {
  const counts = fuzzRules(1500, 42)
  expect(counts.inputs).toBe(1500)
  expect(counts.rules).toBeGreaterThan(100)
  expect(counts.problems).toBeGreaterThan(100)
  expect(counts.matches).toBeGreaterThan(10)
  expect(counts.scenarios).toBeGreaterThan(100)
  expect(counts.found).toBeGreaterThan(10)
})
