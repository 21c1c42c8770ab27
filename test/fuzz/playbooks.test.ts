import { expect, it } from 'vitest'
import { fuzzPlaybooks } from './fuzz-playbooks.ts'

it('changed playbooks are read or refused with places, and what is read can be carried out', () => {
  const counts = fuzzPlaybooks(70, 7)
  expect(counts.inputs).toBe(70)
  expect(counts.read).toBeGreaterThan(3)
  expect(counts.refused).toBeGreaterThan(30)
  expect(counts.actions).toBeGreaterThan(50)
}, 60_000)
