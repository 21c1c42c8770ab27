import { describe, expect, it } from 'vitest'
import type { RuleSummary } from '../../../../shared/model/rule.ts'
import { coverageOf, navigatorLayer, TACTICS } from './coverage.ts'

const rule = (id: string, attack: string[], change: Partial<RuleSummary> = {}): RuleSummary => ({
  id,
  kind: 'rule',
  title: `Rule ${id}`,
  level: 'high',
  status: 'stable',
  logsource: 'windows',
  reachable: true,
  attack,
  file: `${id}.yml`,
  folder: '/rules',
  enabled: true,
  schedule: null,
  cost: null,
  slow: null,
  alerts: 0,
  lastAlert: null,
  ...change,
})

const RULES = [
  rule('a', ['TA0002', 'T1059.001'], { alerts: 3 }),
  rule('b', ['TA0002', 'TA0003', 'T1059.001', 'T1053'], { enabled: false }),
  rule('c', ['T1190']),
  rule('d', ['TA0011']),
]

describe('ATT&CK coverage', () => {
  const column = (tactic: string, rules = RULES) => coverageOf(rules).columns.find((one) => one.tactic === tactic)!.techniques

  it('puts every technique under its own tactics, whatever tactics its rules name', () => {
    const { columns, techniques, subs } = coverageOf(RULES)
    expect(columns.map(({ tactic }) => tactic)).toEqual(TACTICS)
    expect(column('TA0002').find(({ id }) => id === 'T1059')).toEqual({
      id: 'T1059',
      name: 'Command and Scripting Interpreter',
      on: 1,
      off: 1,
      alerts: 3,
      subs: [{ id: 'T1059.001', name: 'PowerShell', on: 1, off: 1, alerts: 3, subs: [] }],
    })
    expect(column('TA0003').some(({ id }) => id === 'T1059')).toBe(false)
    for (const tactic of ['TA0002', 'TA0003', 'TA0004'])
      expect(column(tactic).find(({ id }) => id === 'T1053')).toMatchObject({ on: 0, off: 1, subs: [] })
    expect(column('TA0001').find(({ id }) => id === 'T1189')).toMatchObject({ name: 'Drive-by Compromise', on: 0, off: 0 })
    expect(techniques).toEqual({ on: 2, of: 216 })
    expect(subs).toEqual({ on: 1, of: 475 })
  })

  it('counts a rule once for a technique, however many of its sub-techniques it names', () => {
    const both = column('TA0002', [rule('a', ['T1059.001', 'T1059.003', 'T1059'])]).find(({ id }) => id === 'T1059')!
    expect([both.on, both.subs.map(({ id, on }) => [id, on])]).toEqual([1, [['T1059.001', 1], ['T1059.003', 1]]]) // prettier-ignore
  })

  it('puts what ATT&CK does not have under the tactics that its rules name', () => {
    const odd = [rule('a', ['TA0002', 'T9999.001']), rule('b', ['T9998'])]
    expect(column('TA0002', odd).find(({ id }) => id === 'T9999')).toMatchObject({ name: '', on: 1, subs: [{ id: 'T9999.001' }] })
    expect(column('', odd)).toEqual([{ id: 'T9998', name: '', on: 1, off: 0, alerts: 0, subs: [] }])
  })

  it('makes a layer of the Navigator', () => {
    const layer = JSON.parse(navigatorLayer(RULES, 'mine')) as {
      domain: string
      techniques: { techniqueID: string; score: number }[]
    }
    expect(layer.domain).toBe('enterprise-attack')
    expect(layer.techniques.map(({ techniqueID, score }) => [techniqueID, score])).toEqual([
      ['T1053', 0],
      ['T1059.001', 1],
      ['T1190', 1],
    ])
  })
})
