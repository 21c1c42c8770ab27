import { expect, it } from 'vitest'
import { Pace, sideBySide } from './pace.ts'

const never = new AbortController().signal

/** Each piece of work takes 30 ms of a made-up clock; says how many were worked on at once, and the rests. */
async function paced(arriving: boolean): Promise<{ most: number; rests: number[]; done: number[] }> {
  let now = 10_000
  let busy = 0
  const seen = { most: 0, rests: [] as number[], done: [] as number[] }
  const pace = new Pace(
    () => now,
    (ms) => {
      seen.rests.push(ms)
      return Promise.resolve()
    },
  )
  if (arriving) pace.stored()
  const work = async (item: number): Promise<void> => {
    seen.most = Math.max(seen.most, ++busy)
    await Promise.resolve()
    now += 30
    busy--
    seen.done.push(item)
  }
  await pace.each([1, 2, 3, 4], work, never)
  return seen
}

it('works on two alerts side by side while nothing comes in', async () => {
  expect(await paced(false)).toEqual({ most: 2, rests: [], done: [1, 2, 3, 4] })
})

it('works on one at a time while records come in, and rests twice as long as each took', async () => {
  expect(await paced(true)).toEqual({ most: 1, rests: [60, 60, 60, 60], done: [1, 2, 3, 4] })
})

it('rests no more once nothing has come in for a second, and never long', async () => {
  let now = 0
  const rests: number[] = []
  const pace = new Pace(
    () => now,
    (ms) => {
      rests.push(ms)
      return Promise.resolve()
    },
  )
  pace.stored()
  const takes = (ms: number) => (): Promise<void> => {
    now += ms
    return Promise.resolve()
  }
  await pace.each([1], takes(800), never)
  expect(rests).toEqual([500])
  await pace.each([1], takes(800), never)
  expect(rests).toEqual([500])
})

it('ends a rest when it is told to end', async () => {
  const ending = new AbortController()
  const pace = new Pace(Date.now)
  pace.stored()
  const done = pace.each([1], () => new Promise((resolve) => setTimeout(resolve, 5)), ending.signal)
  ending.abort()
  await done
})

it('passes on what fails', async () => {
  await expect(sideBySide([1, 2], (n) => (n === 2 ? Promise.reject(new Error('two')) : Promise.resolve()))).rejects.toThrow('two')
})
