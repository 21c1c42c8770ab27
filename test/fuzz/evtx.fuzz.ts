/** The long form: as many changed event logs as `WATCHFLOOR_FUZZ` says. */
import { expect, it } from 'vitest'
import { fuzzEvtx } from './fuzz-evtx.ts'

it('the reader of event logs takes anything', () => {
  const count = Number(process.env['WATCHFLOOR_FUZZ'] ?? 20_000)
  const counts = fuzzEvtx(count, Number(process.env['WATCHFLOOR_SEED'] ?? 1), (soFar) => console.error(JSON.stringify(soFar)))
  console.log(JSON.stringify(counts))
  expect(counts.files).toBe(count)
  expect(counts.damaged).toBeGreaterThan(0)
})
