import { expect, it } from 'vitest'
import { fuzzEvtx } from './fuzz-evtx.ts'

it('changed event logs are lines of JSON, or are said to be damaged', () => {
  const counts = fuzzEvtx(1500, 7)
  expect(counts.files).toBe(1500)
  expect(counts.records).toBeGreaterThan(1500)
  expect(counts.damaged).toBeGreaterThan(300)
}, 60_000)
