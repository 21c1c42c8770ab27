import { expect, it } from 'vitest'
import { KnownAddresses } from './known-addresses.ts'

it('runs the work until it asks for nothing new, and asks for each address once until the inventory changes', async () => {
  const known = new KnownAddresses()
  const asked: string[][] = []
  const ask = (addresses: readonly string[]): Promise<string[]> => {
    asked.push([...addresses])
    return Promise.resolve(addresses.filter((ip) => ip.startsWith('198.')))
  }
  // What is asked second depends on the answer to the first.
  const work = (): boolean => known.isOurs('198.51.100.1') && known.isOurs('198.51.100.2') && !known.isOurs('203.0.113.1')
  known.at(1)
  expect(await known.settled(work, ask)).toBe(true)
  expect(asked).toEqual([['198.51.100.1'], ['198.51.100.2'], ['203.0.113.1']])
  known.at(1)
  expect(await known.settled(work, ask)).toBe(true)
  expect(asked.length).toBe(3)
  known.at(2)
  expect(await known.settled(work, () => Promise.resolve([]))).toBe(false)
})
