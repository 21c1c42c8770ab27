/** Which ATT&CK techniques the rules speak of: a matrix by tactic, and a layer file of the Navigator. */
import { TECHNIQUES, parentTechnique } from '../../../../shared/attack/techniques.ts'
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

/** Rules for a technique and what is below it, each counted once. */
export interface Technique {
  /** `T1059`, or `T1059.001`. */
  readonly id: string
  /** Empty where ATT&CK has none of this id. */
  readonly name: string
  readonly on: number
  readonly off: number
  readonly alerts: number
  /** Sub-techniques that a rule names. */
  readonly subs: readonly Technique[]
}
export interface TacticColumn {
  /** Empty for what no tactic is known of. */
  readonly tactic: string
  readonly techniques: readonly Technique[]
}
export interface Coverage {
  readonly columns: readonly TacticColumn[]
  /** Techniques and sub-techniques that a rule is on for, and how many there are. */
  readonly techniques: { readonly on: number; readonly of: number }
  readonly subs: { readonly on: number; readonly of: number }
}

const isTechnique = (id: string): boolean => /^T\d{4}(\.\d{3})?$/.test(id)

/** Every technique there is under each of its tactics, with the rules for it; one that ATT&CK does not have, under the tactics of its rules. */
export function coverageOf(rules: readonly RuleSummary[]): Coverage {
  const found = new Map<string, { on: number; off: number; alerts: number; tactics: Set<string> }>()
  for (const rule of rules) {
    const named = rule.attack.filter(isTechnique)
    const tactics = rule.attack.filter((id) => id.startsWith('TA'))
    for (const id of new Set(named.flatMap((id) => [id, parentTechnique(id)]))) {
      const of = found.get(id) ?? { on: 0, off: 0, alerts: 0, tactics: new Set<string>() }
      found.set(id, of)
      if (rule.enabled) of.on++
      else of.off++
      of.alerts += rule.alerts
      for (const tactic of tactics) of.tactics.add(tactic)
    }
  }
  const subs = new Map<string, Technique[]>()
  const technique = (id: string): Technique => {
    const { on = 0, off = 0, alerts = 0 } = found.get(id) ?? {}
    return { id, name: TECHNIQUES.get(id)?.name ?? '', on, off, alerts, subs: subs.get(id) ?? [] }
  }
  for (const id of [...found.keys()].filter((id) => id !== parentTechnique(id)).sort())
    subs.set(parentTechnique(id), [...(subs.get(parentTechnique(id)) ?? []), technique(id)])
  const columns = new Map<string, Technique[]>(TACTICS.map((tactic) => [tactic, []]))
  const all = new Set([...TECHNIQUES.keys(), ...found.keys()].filter((id) => id === parentTechnique(id)))
  for (const id of all) {
    const known = TECHNIQUES.get(id)?.tactics ?? [...found.get(id)!.tactics]
    for (const tactic of known.length === 0 ? [''] : known) {
      const column = columns.get(tactic)
      if (column === undefined) columns.set(tactic, [technique(id)])
      else column.push(technique(id))
    }
  }
  const count = (sub: boolean): { on: number; of: number } => {
    const ids = [...TECHNIQUES.keys()].filter((id) => (id !== parentTechnique(id)) === sub)
    return { on: ids.filter((id) => (found.get(id)?.on ?? 0) > 0).length, of: ids.length }
  }
  return {
    columns: [...columns].map(([tactic, some]) => ({
      tactic,
      techniques: some.sort((a, b) => (a.name || a.id).localeCompare(b.name || b.id, 'en')),
    })),
    techniques: count(false),
    subs: count(true),
  }
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
