import { expect, it } from 'vitest'
import { fuzzPlaybooks } from './fuzz-playbooks.ts'

it('changed playbooks are read or refused with places, and what is read can be carried out', () => {
  const counts = fuzzPlaybooks(150, 7)
  expect(counts.inputs).toBe(150)
  expect(counts.read).toBeGreaterThan(10)
  expect(counts.refused).toBeGreaterThan(50)
  expect(counts.actions).toBeGreaterThan(200)
}, 60_000)
