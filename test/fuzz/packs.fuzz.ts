/** The long form: as many changed archives as `WATCHFLOOR_FUZZ` says. */
import { expect, it } from 'vitest'
import { fuzzPacks } from './fuzz-packs.ts'

it('the reader of packs takes anything', async () => {
  const count = Number(process.env['WATCHFLOOR_FUZZ'] ?? 20_000)
  const counts = await fuzzPacks(count, Number(process.env['WATCHFLOOR_SEED'] ?? 1), (soFar) =>
    console.error(JSON.stringify(soFar)),
  )
  console.log(JSON.stringify(counts))
  expect(counts.archives).toBe(count)
  expect(counts.refused).toBeGreaterThan(0)
})
