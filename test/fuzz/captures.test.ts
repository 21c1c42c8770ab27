/** The short form of captures.fuzz.ts. */
import { expect, test } from 'vitest'
import { fuzzCaptures } from './fuzz-captures.ts'

test('changed captures are read to some end', async () => {
  const counts = await fuzzCaptures(2000, 7)
  console.log(`changed captures: ${counts.files} files, ${counts.packets} packets, ${counts.facts} facts`)
  expect(counts.files).toBe(2000)
  expect(counts.packets).toBeGreaterThan(2000)
  expect(counts.withFacts).toBeGreaterThan(200)
  expect(counts.stopped).toBeGreaterThan(50)
})
