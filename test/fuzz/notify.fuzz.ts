/** The long form: as many answers as `WATCHFLOOR_FUZZ` says. */
import { expect, it } from 'vitest'
import { fuzzNotify } from './fuzz-notify.ts'

it('servers of mails and webhooks may answer what they like', async () => {
  const count = Number(process.env['WATCHFLOOR_FUZZ'] ?? 2000)
  const counts = await fuzzNotify(count, Number(process.env['WATCHFLOOR_SEED'] ?? 1))
  console.log(JSON.stringify(counts))
  expect(counts.sent + counts.message + counts.channel).toBe(2 * count)
}, 3_600_000)
