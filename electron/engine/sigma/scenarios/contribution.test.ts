import { describe, expect, it } from 'vitest'
import type { Text } from '../compile/row-view.ts'
import { contributions, groupKey } from './contribution.ts'
import type { ScenarioPlan } from './scenario.ts'

function planOf(groupBy: readonly string[], fields: readonly string[], more: Partial<ScenarioPlan> = {}): ScenarioPlan {
  const reads = [...groupBy, ...fields]
  return {
    id: 's',
    title: 's',
    level: 'low',
    attack: [],
    type: 'event_count',
    timespan: 1,
    window: 'sliding',
    judge: { by: fields.length === 0 ? 'count' : 'distinct', bounds: { gte: 1 } },
    steps: [{ ref: 'a', id: 'a', title: 'a', kind: 'rule', fields: reads }],
    groupBy,
    reads,
    values: fields.length,
    alerts: true,
    ...more,
  }
}
const sum = (window: ScenarioPlan['window'] = 'sliding'): ScenarioPlan =>
  planOf(['user'], ['n'], { window, judge: { by: 'sum', bounds: { gte: 1 } } })
const reader =
  (event: Readonly<Record<string, Text>>) =>
  (field: string): Text | undefined =>
    event[field]
const valuesOf = (plan: ScenarioPlan, n: Text): unknown[] =>
  contributions(plan, 0, reader({ user: 'kim', n })).map(({ value }) => value)

describe('what an event is for a scenario', () => {
  it('belongs to one group where nothing groups', () => {
    expect(contributions(planOf([], []), 0, reader({}))).toEqual([{ group: [], value: null }])
  })

  it('takes no part without one of the group fields, or with an empty one', () => {
    const plan = planOf(['user', 'host'], [])
    expect(contributions(plan, 0, reader({ user: 'kim' }))).toEqual([])
    expect(contributions(plan, 0, reader({ user: 'kim', host: '' }))).toEqual([])
    expect(contributions(plan, 0, reader({ user: 'kim', host: [] }))).toEqual([])
    expect(contributions(plan, 0, reader({ user: 'kim', host: 'x' }))).toEqual([{ group: ['kim', 'x'], value: null }])
  })

  it('belongs to the groups of each of its values, once each however they are spelled', () => {
    const plan = planOf(['user', 'host'], [])
    const groups = contributions(plan, 0, reader({ user: ['Kim', 'lee', 'KIM'], host: ['x', 'y'] })).map(({ group }) => group)
    expect(groups).toEqual([
      ['Kim', 'x'],
      ['Kim', 'y'],
      ['lee', 'x'],
      ['lee', 'y'],
    ])
  })

  it('belongs to a bounded number of groups', () => {
    const list = (name: string): string[] => Array.from({ length: 1000 }, (_, i) => name + i)
    const plan = planOf(['a', 'b', 'c'], [])
    expect(contributions(plan, 0, reader({ a: list('a'), b: list('b'), c: list('c') }))).toHaveLength(64)
  })

  it('counts values without regard to case, combinations of several fields, each once', () => {
    const distinct = planOf(['user'], ['n'])
    expect(valuesOf(distinct, ['A', 'a', 'b', ''])).toEqual(['a', 'b'])
    const both = planOf(['user'], ['n', 'm'])
    const found = contributions(both, 0, reader({ user: 'kim', n: ['x', 'y'], m: 'Z' })).map(({ value }) => value)
    expect(found).toEqual(['["x","z"]', '["y","z"]'])
    expect(contributions(both, 0, reader({ user: 'kim', n: 'x' }))).toEqual([])
  })

  it.each<[Text, number[]]>([
    ['12', [12]],
    [' 12.5 ', [12.5]],
    ['.5', [0.5]],
    ['1e3', [1000]],
    ['+7', [7]],
    ['0x3e7', [999]],
    ['1,000', []],
    ['12 bytes', []],
    ['', []],
    ['NaN', []],
    ['Infinity', []],
    ['1e999', []],
    ['1e101', []],
    ['0x', []],
    ['0xffffffffffffff', []],
    ['9'.repeat(1024), []],
    [
      ['3', 'x', '4', '3.0'],
      [3, 4],
    ],
  ])('reads %j as %j', (text, expected) => {
    expect(valuesOf(sum(), text)).toEqual(expected)
  })

  it('takes what is below zero as zero only where a window slides', () => {
    expect(valuesOf(sum(), ['-5', '-6'])).toEqual([0])
    expect(valuesOf(sum('fixed'), ['-5', '-6'])).toEqual([-5, -6])
  })

  it('tells values apart by their first thousand characters', () => {
    const long = 'x'.repeat(1024)
    expect(valuesOf(planOf(['user'], ['n']), [`${long}a`, `${long}b`])).toEqual([long])
  })

  it('is nothing for a step that is not there', () => {
    expect(contributions(planOf([], []), 1, reader({}))).toEqual([])
  })

  it('has one key for what is equal but for case, and others for other groups', () => {
    expect(groupKey(['Kim', 'X'])).toBe(groupKey(['kIM', 'x']))
    expect(groupKey(['a', 'b'])).not.toBe(groupKey(['a","b']))
  })
})
