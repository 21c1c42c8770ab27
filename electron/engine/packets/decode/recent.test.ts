import { expect, it } from 'vitest'
import { Recent } from './recent.ts'

it('forgets the oldest, and keeps what is written again', () => {
  const recent = new Recent<string, number>(2)
  recent.set('a', 1)
  recent.set('b', 2)
  recent.set('b', 3)
  recent.set('c', 4)
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([undefined, 3, 4])
  expect([recent.take('b'), recent.get('b')]).toEqual([3, undefined])
})
