import { expect, it } from 'vitest'
import { KeptAnswers } from './kept-answers.ts'

const made = (most = 10, heavy = 100) => {
  let asked = 0
  const kept = new KeptAnswers<string | number>(most, heavy, (one) => String(one).length)
  return {
    kept,
    asks: () => asked,
    get: (key: string, answer: string | null = key, from = 0, to = 10) =>
      kept.get(key, from, to, () => (asked++, Promise.resolve(answer)), 'otherwise'),
  }
}

it('asks once, also while it is asked', async () => {
  const { get, asks } = made()
  expect(await Promise.all([get('a'), get('a')])).toEqual(['a', 'a'])
  expect(await get('a', 'other')).toBe('a')
  expect(asks()).toBe(1)
})

it('does not keep what could not be answered', async () => {
  const { get, asks } = made()
  expect(await get('a', null)).toBe('otherwise')
  expect(await get('a')).toBe('a')
  expect(asks()).toBe(2)
})

it('forgets what is about the time that events came of, and nothing else', async () => {
  const { kept, get, asks } = made()
  await get('a', 'a', 0, 10)
  await get('b', 'b', 10, 20)
  kept.forget(10, 10)
  await get('a')
  expect(asks()).toBe(2)
  await get('b')
  expect(asks()).toBe(3)
})

it('an answer that is forgotten while it is asked for is not kept', async () => {
  const { kept, get, asks } = made()
  const first = get('a')
  kept.forget(0, 0)
  expect(await first).toBe('a')
  await get('a')
  expect(asks()).toBe(2)
})

it('lets the longest unused go, by number and by weight', async () => {
  const { get, asks } = made(2, 100)
  for (const key of ['a', 'b', 'a', 'c']) await get(key)
  await get('a')
  expect(asks()).toBe(3)
  await get('b')
  expect(asks()).toBe(4)
  const heavy = made(10, 5)
  for (const key of ['aaa', 'bbb', 'bbb', 'aaa']) await heavy.get(key)
  expect(heavy.asks()).toBe(3)
})
