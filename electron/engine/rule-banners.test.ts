import { expect, it } from 'vitest'
import { ruleBanners } from './rule-banners.ts'

it('name slow rules, the first three, since when, until they are slow no more', () => {
  const banners = ruleBanners()
  const rules = ['a', 'b', 'c', 'd'].map((id) => ({ id, title: `Rule ${id}` }))
  expect(banners(rules, 1000).map(({ id }) => id)).toEqual(['rule_slow:a', 'rule_slow:b', 'rule_slow:c'])
  expect(banners(rules.slice(0, 1), 9000)).toEqual([
    { id: 'rule_slow:a', tone: 'late', key: 'rule_slow', values: { title: 'Rule a' }, since: '1970-01-01T00:00:01.000Z' },
  ])
  expect(banners([], 10_000)).toEqual([])
  expect(banners(rules.slice(0, 1), 11_000)[0]?.since).toBe('1970-01-01T00:00:11.000Z')
})
