import { describe, expect, it } from 'vitest'
import type { RuleSummary } from '../../../../shared/model/rule.ts'
import { coverageOf, navigatorLayer } from './coverage.ts'

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
  it('puts techniques under the tactics that rules name beside them', () => {
    const columns = coverageOf(RULES)
    expect(columns.find(({ tactic }) => tactic === 'TA0002')!.techniques).toEqual([
      { id: 'T1053', on: 0, off: 1, alerts: 0 },
      { id: 'T1059.001', on: 1, off: 1, alerts: 3 },
    ])
    expect(columns.find(({ tactic }) => tactic === 'TA0003')!.techniques.map(({ id }) => id)).toEqual(['T1053', 'T1059.001'])
    expect(columns.at(-1)).toEqual({ tactic: '', techniques: [{ id: 'T1190', on: 1, off: 0, alerts: 0 }] })
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
