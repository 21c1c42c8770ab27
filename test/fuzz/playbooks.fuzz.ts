/** The long form: as many changed playbooks as `WATCHFLOOR_FUZZ` says. */
import { expect, it } from 'vitest'
import { fuzzPlaybooks } from './fuzz-playbooks.ts'

it('the reader of playbooks takes anything', () => {
  const count = Number(process.env['WATCHFLOOR_FUZZ'] ?? 5000)
  const counts = fuzzPlaybooks(count, Number(process.env['WATCHFLOOR_SEED'] ?? 1), (soFar) =>
    console.error(JSON.stringify(soFar)),
  )
  console.log(JSON.stringify(counts))
  expect(counts.inputs).toBe(count)
  expect(counts.read).toBeGreaterThan(0)
})
