import { expect, it } from 'vitest'
import { fuzzNotify } from './fuzz-notify.ts'

it('servers of mails and webhooks may answer what they like', async () => {
  const counts = await fuzzNotify(40, 11)
  expect(counts.sent + counts.message + counts.channel).toBe(80)
  expect(counts.sent).toBeGreaterThan(10)
  expect(counts.channel + counts.message).toBeGreaterThan(5)
}, 60_000)
