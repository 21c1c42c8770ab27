import { expect, it } from 'vitest'
import { fuzzPacks } from './fuzz-packs.ts'

it('changed archives are taken whole or refused', async () => {
  const counts = await fuzzPacks(3000, 7)
  expect(counts.archives).toBe(3000)
  expect(counts.taken).toBeGreaterThan(100)
  expect(counts.refused).toBeGreaterThan(1000)
  expect(counts.manifests).toBeGreaterThan(50)
}, 60_000)
