/** The long form: reports of some hundred hostile texts each, one for a hundred of `WATCHFLOOR_FUZZ`. */
import { expect, it } from 'vitest'
import { fuzzReports } from './fuzz-reports.ts'

it('reports hold whatever text there is', async () => {
  const count = Math.ceil(Number(process.env['WATCHFLOOR_FUZZ'] ?? 20_000) / 100)
  const counts = await fuzzReports(count, Number(process.env['WATCHFLOOR_SEED'] ?? 1), (soFar) =>
    console.error(JSON.stringify(soFar)),
  )
  console.log(JSON.stringify(counts))
  expect(counts.reports).toBe(count)
})
