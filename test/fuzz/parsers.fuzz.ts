/** The long form: as many changed records as `WATCHFLOOR_FUZZ` says. */
import { expect, it } from 'vitest'
import { fuzzParsers } from './fuzz-parsers.ts'

it('every parser takes anything', () => {
  const count = Number(process.env['WATCHFLOOR_FUZZ'] ?? 20_000)
  const counts = fuzzParsers(count, Number(process.env['WATCHFLOOR_SEED'] ?? 1), (soFar) => console.error(JSON.stringify(soFar)))
  console.log(JSON.stringify(counts))
  expect(counts.inputs).toBe(count)
  expect(counts.events).toBeGreaterThan(0)
  expect(counts.rejected).toBeGreaterThan(0)
})
