/** Which ATT&CK techniques the rules speak of: a matrix by tactic, and a layer file of the Navigator. */
import type { RuleSummary } from '../../../../shared/model/rule.ts'

/** Enterprise tactics in the matrix's order. */
export const TACTICS = [
  'TA0043',
  'TA0042',
  'TA0001',
  'TA0002',
  'TA0003',
  'TA0004',
  'TA0005',
  'TA0006',
  'TA0007',
  'TA0008',
  'TA0009',
  'TA0011',
  'TA0010',
  'TA0040',
] as const

export interface Technique {
  /** `T1059`, or `T1059.001`. */
  readonly id: string
  readonly on: number
  readonly off: number
  readonly alerts: number
}
export interface TacticColumn {
  readonly tactic: string
  readonly techniques: readonly Technique[]
}

const isTechnique = (id: string): boolean => /^T\d{4}(\.\d{3})?$/.test(id)

/**
 * A technique stands under the tactics that a rule names beside it: the rules say what they use it for. One that is named without a
 * tactic is in the last column.
 */
export function coverageOf(rules: readonly RuleSummary[]): TacticColumn[] {
  const columns = new Map<string, Map<string, { on: number; off: number; alerts: number }>>()
  for (const rule of rules) {
    const techniques = rule.attack.filter(isTechnique)
    const tactics = rule.attack.filter((id) => id.startsWith('TA'))
    for (const tactic of tactics.length === 0 ? [''] : tactics)
      for (const technique of techniques) {
        let column = columns.get(tactic)
        if (column === undefined) columns.set(tactic, (column = new Map<string, { on: number; off: number; alerts: number }>()))
        const cell = column.get(technique) ?? { on: 0, off: 0, alerts: 0 }
        column.set(technique, cell)
        if (rule.enabled) cell.on++
        else cell.off++
        cell.alerts += rule.alerts
      }
  }
  const listed = (tactic: string): TacticColumn => ({
    tactic,
    techniques: [...(columns.get(tactic) ?? [])].map(([id, cell]) => ({ id, ...cell })).sort((a, b) => (a.id < b.id ? -1 : 1)),
  })
  const known = TACTICS.map(listed)
  const loose = listed('')
  return loose.techniques.length === 0 ? known : [...known, loose]
}

/** A layer of the ATT&CK Navigator (format 4.5): the score of a technique is how many rules for it are on. */
export function navigatorLayer(rules: readonly RuleSummary[], name: string): string {
  const scores = new Map<string, { on: number; names: string[] }>()
  for (const rule of rules)
    for (const id of rule.attack.filter(isTechnique)) {
      const score = scores.get(id) ?? { on: 0, names: [] }
      scores.set(id, score)
      if (rule.enabled) score.on++
      if (score.names.length < 20) score.names.push(rule.title)
    }
  const most = Math.max(1, ...[...scores.values()].map(({ on }) => on))
  const layer = {
    name,
    versions: { layer: '4.5', navigator: '5.1.0' },
    domain: 'enterprise-attack',
    description: 'Rules of Watchfloor by technique; the score is how many of them are on.',
    techniques: [...scores]
      .sort((a, b) => (a[0] < b[0] ? -1 : 1))
      .map(([techniqueID, { on, names }]) => ({
        techniqueID,
        score: on,
        comment: names.join('\n'),
        enabled: true,
        showSubtechniques: techniqueID.includes('.'),
      })),
    gradient: { colors: ['#ffffff', '#2b7bd6'], minValue: 0, maxValue: most },
    legendItems: [],
    sorting: 3,
  }
  return `${JSON.stringify(layer, null, 2)}\n`
}
