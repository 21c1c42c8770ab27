import { expect, it } from 'vitest'
import type { RuleCost, SigmaRule, SlowRule } from '../sigma/types.ts'
import { RuleCosts } from '../sigma/rule-costs.ts'
import { RuleReports } from './rule-reports.ts'

const rules = [{ id: 'a' }, { id: 'b' }] as unknown as SigmaRule[]

it('tells what was added since it told last, and all that are slow', () => {
  const matcher = { all: [] as RuleCost[], slow: [] as SlowRule[], costs: (): readonly RuleCost[] => matcher.all }
  const reports = new RuleReports(rules, matcher)
  expect(reports.take()).toEqual({ costs: [], slow: [] })
  matcher.all = [{ rule: 1, events: 64, micros: 200 }]
  expect(reports.take()).toEqual({ costs: [{ id: 'b', events: 64, micros: 200 }], slow: [] })
  matcher.all = [
    { rule: 0, events: 64, micros: 10 },
    { rule: 1, events: 128, micros: 250 },
  ]
  matcher.slow = [{ rule: 1, why: 'event', longestMicros: 90_000, share: 0.5 }]
  const slow = [{ id: 'b', why: 'event' as const, longestMicros: 90_000, share: 0.5 }]
  expect(reports.take()).toEqual({
    costs: [
      { id: 'a', events: 64, micros: 10 },
      { id: 'b', events: 64, micros: 50 },
    ],
    slow,
  })
  expect(reports.take()).toEqual({ costs: [], slow })
})

it('is summed over threads; what is slow is as the worst of them says, until it says so no more', () => {
  const costs = new RuleCosts()
  expect(costs.of('a')).toBeNull()
  costs.add(0, { costs: [{ id: 'a', events: 64, micros: 100 }], slow: [{ id: 'a', why: 'share', longestMicros: 1, share: 0.3 }] })
  costs.add(1, {
    costs: [
      { id: 'a', events: 64, micros: 200 },
      { id: 'b', events: 1, micros: 100 },
    ],
    slow: [{ id: 'a', why: 'event', longestMicros: 9, share: 0.4 }],
  })
  expect(costs.of('a')).toEqual({ events: 128, micros: 300, share: 0.75 })
  expect(costs.slow('a')).toEqual({ why: 'event', longestMicros: 9, share: 0.4 })
  expect(costs.slowRules).toEqual(['a'])
  costs.add(0, { costs: [], slow: [] })
  costs.add(1, { costs: [], slow: [] })
  expect(costs.slow('a')).toBeNull()
  expect(costs.slowRules).toEqual([])
})
