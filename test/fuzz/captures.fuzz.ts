/** The long form: as many changed captures as `WATCHFLOOR_FUZZ` says. */
import { expect, it } from 'vitest'
import { fuzzCaptures } from './fuzz-captures.ts'

it('everything that reads captures takes anything', async () => {
  const count = Number(process.env['WATCHFLOOR_FUZZ'] ?? 20_000)
  const counts = await fuzzCaptures(count, Number(process.env['WATCHFLOOR_SEED'] ?? 1), (soFar, slowest) =>
    console.error(JSON.stringify({ ...soFar, slowest })),
  )
  console.log(JSON.stringify(counts))
  expect(counts.files).toBe(count)
  expect(counts.withFacts).toBeGreaterThan(0)
  expect(counts.stopped).toBeGreaterThan(0)
})
