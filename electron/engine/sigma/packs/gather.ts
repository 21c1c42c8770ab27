/** Which files an export takes: those of the rules that were asked for, of what scenarios correlate, and of filters that apply. */
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { filterFits } from '../apply-filters.ts'
import type { SigmaScenario } from '../scenarios/scenario.ts'
import type { SigmaFilter, SigmaRule } from '../types.ts'
import type { DeskRules } from './desk-rules.ts'

type Detection = SigmaRule | SigmaScenario

export interface Gathered {
  /** Paths, each once. */
  readonly files: readonly string[]
  /** Rules and scenarios in them that nobody asked for. */
  readonly brought: number
}

/** `steps`: with the rules that scenarios correlate. `not_found` where a rule is not loaded. */
export function gather(ids: readonly string[], steps: boolean, desk: DeskRules): Result<Gathered> {
  const byId = new Map<string, Detection>([...desk.rules, ...desk.scenarios].map((one) => [one.id, one]))
  const byName = new Map<string, Detection[]>()
  const byFile = new Map<string, Detection[]>()
  for (const one of byId.values()) {
    if (one.name !== undefined) byName.set(one.name, [...(byName.get(one.name) ?? []), one])
    const beside = byFile.get(one.file)
    if (beside === undefined) byFile.set(one.file, [one])
    else beside.push(one)
  }
  const target = (ref: string, file: string): Detection | undefined => {
    const named = byName.get(ref) ?? []
    return byId.get(ref) ?? named.find((one) => one.file === file) ?? named[0]
  }
  const filtersOf = filtersByRule(desk, (ref) => target(ref, ''))
  const files = new Set<string>()
  for (const id of ids) {
    const one = byId.get(id)
    if (one === undefined) return fail({ code: 'not_found', message: `There is no rule ${id}` })
    files.add(one.file)
  }
  // A set gives what is added while it is gone through.
  for (const file of files)
    for (const one of byFile.get(file) ?? []) {
      if ('correlation' in one) {
        if (steps)
          for (const ref of one.correlation.rules) {
            const step = target(ref, one.file)
            if (step !== undefined) files.add(step.file)
          }
      } else for (const filter of filtersOf(one)) files.add(filter.file)
    }
  const there = [...files].reduce((sum, file) => sum + (byFile.get(file)?.length ?? 0), 0)
  return ok({ files: [...files], brought: there - new Set(ids).size })
}

function filtersByRule(desk: DeskRules, named: (ref: string) => Detection | undefined): (rule: SigmaRule) => SigmaFilter[] {
  const ofAny = desk.filters.filter(({ rules }) => rules === 'any')
  const ofRule = new Map<string, SigmaFilter[]>()
  for (const filter of desk.filters)
    if (filter.rules !== 'any')
      for (const ref of filter.rules) {
        const id = named(ref)?.id
        if (id !== undefined) ofRule.set(id, [...(ofRule.get(id) ?? []), filter])
      }
  return (rule) => [...ofAny, ...(ofRule.get(rule.id) ?? [])].filter((filter) => filterFits(filter, rule))
}
