/** Rules and scenarios as they were read → scenarios that can run: references followed, fields known, conditions decided. */
import type { Problem } from '../read-rule.ts'
import type { SigmaRule } from '../types.ts'
import type { Position } from '../yaml-source.ts'
import { alternativesOf } from './alternatives.ts'
import type { Bounds, Correlation, Judge, ScenarioPlan, ScenarioStep, SigmaScenario, StepRule, WindowKind } from './scenario.ts'

/** Scenarios of scenarios of scenarios … */
const DEEPEST = 8
/** What a window of a group keeps; a condition that asks for more could never be judged. */
export const MOST_IN_WINDOW = 50_000
const MOST_READS = 64

export interface ResolvedScenarios {
  /** Those that are on, and those that they need; each behind those it speaks of. */
  readonly plans: readonly ScenarioPlan[]
  readonly stepRules: readonly StepRule[]
  /** Of all scenarios, on or off. */
  readonly problems: readonly Problem[]
  /** Ids of scenarios that cannot run. */
  readonly broken: ReadonlySet<string>
  /** Why: by the scenario's id. */
  readonly reasons: ReadonlyMap<string, readonly Problem[]>
}

type Target = { readonly kind: 'rule'; readonly of: SigmaRule } | { readonly kind: 'scenario'; readonly of: SigmaScenario }

/** `on` says of a rule's or a scenario's id whether it is switched on. */
export function resolveScenarios(
  rules: readonly SigmaRule[],
  scenarios: readonly SigmaScenario[],
  on: (id: string) => boolean,
): ResolvedScenarios {
  return new Resolver(rules, scenarios, on).resolve()
}

class Resolver {
  readonly #scenarios: readonly SigmaScenario[]
  readonly #on: (id: string) => boolean
  readonly #byId = new Map<string, Target>()
  readonly #byName = new Map<string, Target[]>()
  readonly #targets = new Map<SigmaScenario, readonly Target[]>()
  readonly #judges = new Map<SigmaScenario, { judge: Judge; window: WindowKind }>()
  readonly #broken = new Set<SigmaScenario>()
  readonly #problems: Problem[] = []
  readonly #reasons = new Map<string, Problem[]>()

  constructor(rules: readonly SigmaRule[], scenarios: readonly SigmaScenario[], on: (id: string) => boolean) {
    this.#scenarios = scenarios
    this.#on = on
    for (const of of rules) this.#add({ kind: 'rule', of })
    for (const of of scenarios) this.#add({ kind: 'scenario', of })
  }

  #add(target: Target): void {
    const { id, name } = target.of
    if (!this.#byId.has(id)) this.#byId.set(id, target)
    if (name === undefined) return
    const known = this.#byName.get(name)
    if (known === undefined) this.#byName.set(name, [target])
    else known.push(target)
  }

  resolve(): ResolvedScenarios {
    for (const scenario of this.#scenarios) this.#refer(scenario)
    let order = this.#inOrder()
    let runs = this.#running(order)
    let reads = this.#reads(order.filter((scenario) => runs.has(scenario)))
    // Those that ask too much of what is below them take nothing of it with them.
    while (reads === null) {
      order = this.#inOrder()
      runs = this.#running(order)
      reads = this.#reads(order.filter((scenario) => runs.has(scenario)))
    }
    const known = reads
    const plans = order.flatMap((scenario) => (runs.has(scenario) ? [this.#plan(scenario, known.get(scenario)!, runs)] : []))
    return {
      plans,
      stepRules: this.#stepRules(plans),
      problems: this.#problems,
      broken: new Set([...this.#broken].map(({ id }) => id)),
      reasons: this.#reasons,
    }
  }

  #fail(scenario: SigmaScenario, at: Position, message: string): void {
    const problem: Problem = { file: scenario.file, ...at, message, fatal: true }
    this.#broken.add(scenario)
    this.#problems.push(problem)
    const others = this.#reasons.get(scenario.id)
    if (others === undefined) this.#reasons.set(scenario.id, [problem])
    else others.push(problem)
  }

  /** What a reference means: of several rules with one name that of the same file. */
  #targetOf(scenario: SigmaScenario, ref: string): Target | undefined {
    const named = this.#byName.get(ref) ?? []
    return this.#byId.get(ref) ?? named.find(({ of }) => of.file === scenario.file) ?? named[0]
  }

  /** The field that a name means of the events of a step. An alias may name the rule otherwise than the list of rules does. */
  #fieldOf(scenario: SigmaScenario, name: string, step: number): string {
    const { aliases, rules } = scenario.correlation
    const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined
    if (alias === undefined) return name
    const ref = rules[step]!
    if (Object.hasOwn(alias, ref)) return alias[ref]!
    const target = this.#targets.get(scenario)![step]!.of
    const other = Object.keys(alias).find((one) => this.#targetOf(scenario, one)?.of === target)
    return other === undefined ? name : alias[other]!
  }

  #checkAliases(scenario: SigmaScenario, targets: readonly Target[]): void {
    const { rules } = scenario.correlation
    for (const { rule, at } of scenario.places.aliases)
      if (!rules.includes(rule) && !targets.some(({ of }) => of === this.#targetOf(scenario, rule)?.of)) {
        this.#fail(scenario, at, `aliases: ${rule} is none of the rules that are correlated`)
        return
      }
  }

  #refer(scenario: SigmaScenario): void {
    const targets: Target[] = []
    for (const [i, ref] of scenario.correlation.rules.entries()) {
      const at = ruleAt(scenario, i)
      const named = this.#byName.get(ref) ?? []
      const found = this.#targetOf(scenario, ref)
      const before = targets.findIndex(({ of }) => of === found?.of)
      if (found === undefined) this.#fail(scenario, at, `there is no rule ${ref}`)
      else if (before >= 0) this.#fail(scenario, at, `${scenario.correlation.rules[before]!} and ${ref} are one rule`)
      else targets.push(found)
      if (found !== undefined && named.length > 1 && named.filter(({ of }) => of.file === scenario.file).length !== 1)
        this.#problems.push({
          file: scenario.file,
          ...at,
          message: `${named.length} rules are named ${ref}; that in ${found.of.file} is meant`,
          fatal: false,
        })
    }
    this.#targets.set(scenario, targets)
    this.#checkAliases(scenario, targets)
    const judged = judgeOf(scenario.correlation)
    if (typeof judged === 'string') this.#fail(scenario, scenario.places.condition, judged)
    else this.#judges.set(scenario, judged)
  }

  /** Each scenario behind those it speaks of; those that speak of themselves, and what needs something broken, are broken. */
  #inOrder(): SigmaScenario[] {
    const order: SigmaScenario[] = []
    const depth = new Map<SigmaScenario, number>()
    const open = new Set<SigmaScenario>()
    // No recursion: how long a chain is only its author knows.
    const stack: { readonly scenario: SigmaScenario; next: number; deepest: number }[] = []
    const enter = (scenario: SigmaScenario): void => {
      open.add(scenario)
      stack.push({ scenario, next: 0, deepest: 0 })
    }
    for (const root of this.#scenarios) {
      if (!depth.has(root)) enter(root)
      for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
        const { scenario } = frame
        const target = this.#targets.get(scenario)![frame.next]
        if (target !== undefined) {
          const known = target.kind === 'scenario' && !open.has(target.of) ? depth.get(target.of) : 0
          if (known === undefined && target.kind === 'scenario') {
            enter(target.of)
            continue
          }
          frame.next++
          if (target.kind === 'rule') continue
          const at = ruleAt(scenario, frame.next - 1)
          if (!this.#broken.has(scenario) && open.has(target.of))
            this.#fail(scenario, at, `${target.of.title} speaks of ${scenario.title}, and that of it`)
          else if (!this.#broken.has(scenario) && this.#broken.has(target.of))
            this.#fail(scenario, at, `${target.of.title}, which this one needs, cannot be evaluated`)
          frame.deepest = Math.max(frame.deepest, (known ?? 0) + 1)
          continue
        }
        stack.pop()
        open.delete(scenario)
        if (frame.deepest > DEEPEST && !this.#broken.has(scenario))
          this.#fail(scenario, scenario.places.list, `scenarios of scenarios more than ${DEEPEST} deep`)
        depth.set(scenario, frame.deepest)
        if (!this.#broken.has(scenario)) order.push(scenario)
      }
    }
    return order.filter((scenario) => !this.#broken.has(scenario))
  }

  /** Those that are on and those that they need, and whether each raises alerts. */
  #running(order: readonly SigmaScenario[]): Map<SigmaScenario, boolean> {
    const runs = new Map<SigmaScenario, boolean>()
    for (const scenario of order.toReversed()) {
      if (this.#on(scenario.id) && !runs.has(scenario) && !this.#isPart(scenario)) runs.set(scenario, true)
      if (!runs.has(scenario)) continue
      for (const target of this.#targets.get(scenario) ?? []) {
        if (target.kind === 'rule') continue
        const alerts = this.#on(target.of.id) && scenario.correlation.generate && target.of.level !== 'info'
        runs.set(target.of, alerts || (runs.get(target.of) ?? false))
      }
    }
    return runs
  }

  /** What is read of the events of each: what it asks for itself, then what those above it need. Null where one asked too much. */
  #reads(order: readonly SigmaScenario[]): Map<SigmaScenario, string[]> | null {
    const reads = new Map<SigmaScenario, string[]>(
      order.map((scenario) => {
        const { groupBy, fields } = scenario.correlation
        return [scenario, [...groupBy, ...fields]]
      }),
    )
    for (const scenario of order.toReversed())
      this.#targets.get(scenario)!.forEach((target, i) => {
        if (target.kind === 'rule') return
        const inner = reads.get(target.of)!
        for (const name of reads.get(scenario)!) {
          const field = this.#fieldOf(scenario, name, i)
          if (!inner.includes(field)) inner.push(field)
        }
        if (inner.length > MOST_READS && !this.#broken.has(scenario))
          this.#fail(
            scenario,
            ruleAt(scenario, i),
            `it and those above it ask for more than ${MOST_READS} fields of ${target.of.title}`,
          )
      })
    return order.some((scenario) => this.#broken.has(scenario)) ? null : reads
  }

  #plan(scenario: SigmaScenario, reads: readonly string[], runs: ReadonlyMap<SigmaScenario, boolean>): ScenarioPlan {
    const { correlation } = scenario
    const { judge, window } = this.#judges.get(scenario)!
    return {
      id: scenario.id,
      title: scenario.title,
      level: scenario.level,
      attack: scenario.attack,
      type: correlation.type,
      timespan: correlation.timespan,
      window,
      judge,
      steps: this.#targets.get(scenario)!.map(({ kind, of }, i): ScenarioStep => ({
        ref: correlation.rules[i]!,
        id: of.id,
        title: of.title,
        kind,
        fields: reads.map((name) => this.#fieldOf(scenario, name, i)),
      })),
      groupBy: correlation.groupBy,
      reads,
      values: correlation.fields.length,
      alerts: runs.get(scenario) ?? false,
    }
  }

  #stepRules(plans: readonly ScenarioPlan[]): StepRule[] {
    const found = new Map<string, { reads: Set<string>; generate: boolean }>()
    const generating = new Set(this.#scenarios.filter(({ correlation }) => correlation.generate).map(({ id }) => id))
    for (const plan of plans)
      for (const step of plan.steps) {
        if (step.kind !== 'rule') continue
        let rule = found.get(step.id)
        if (rule === undefined) found.set(step.id, (rule = { reads: new Set(), generate: false }))
        for (const field of step.fields) rule.reads.add(field)
        rule.generate ||= generating.has(plan.id)
      }
    return [...found].map(([id, { reads, generate }]) => ({
      id,
      reads: [...reads],
      alerts: generate && this.#on(id) && this.#byId.get(id)?.of.level !== 'info',
    }))
  }

  /** What is informational and named by another is there for that one only: by itself it says nothing that anyone should be called for. */
  #isPart(scenario: SigmaScenario): boolean {
    return scenario.level === 'info' && [...this.#targets.values()].some((targets) => targets.some(({ of }) => of === scenario))
  }
}

/** Where it names its rule of that number. */
const ruleAt = ({ places }: SigmaScenario, i: number): Position => places.rules[i] ?? places.list

const SUMS: ReadonlySet<string> = new Set(['value_sum', 'value_avg', 'value_percentile', 'value_baseline'])

/** How its condition is judged, or why it cannot be. docs/sigma.md says why windows are laid so. */
export function judgeOf(correlation: Correlation): { judge: Judge; window: WindowKind } | string {
  const { type, condition, rules } = correlation
  const ordered = type === 'temporal_ordered'
  if (condition !== null && 'expression' in condition) {
    const found = alternativesOf(condition.expression)
    if (!found.ok) return found.message
    const grows = found.of.every(({ without }) => without.length === 0)
    return { judge: { by: 'alternatives', ordered, of: found.of }, window: grows ? 'sliding' : 'forward' }
  }
  const bounds: Bounds = condition?.bounds ?? { gte: rules.length }
  const { gte = -Infinity, gt = -Infinity, lte = Infinity, lt = Infinity, eq, neq } = bounds
  const from = Math.max(gte, gt, eq ?? -Infinity)
  const to = Math.min(lte, lt, eq ?? Infinity)
  if (from > to || (from === to && (from === gt || from === lt || from === neq))) return 'the condition can never hold'
  const least = Math.max(gte, gt + 1, eq ?? 0)
  if (!SUMS.has(type)) {
    if (least > MOST_IN_WINDOW) return `the condition asks for more than the ${MOST_IN_WINDOW} events that are kept of a group`
    const most = Math.min(lte, lt - 1, eq ?? Infinity)
    if (least > most) return 'the condition can never hold'
    if (most < 1) return 'a window without events is not judged: the condition must allow for one'
  }
  const grows = Object.keys(bounds).every((bound) => bound === 'gt' || bound === 'gte')
  const window: WindowKind = grows ? 'sliding' : 'fixed'
  switch (type) {
    case 'event_count':
      return { judge: { by: 'count', bounds }, window }
    case 'value_count':
      return { judge: { by: 'distinct', bounds }, window }
    case 'value_sum':
      return { judge: { by: 'sum', bounds }, window }
    case 'value_avg':
      return { judge: { by: 'average', bounds }, window: 'fixed' }
    case 'value_percentile':
      return { judge: { by: 'percentile', percentile: correlation.percentile, bounds }, window: 'fixed' }
    case 'event_period':
      return { judge: { by: 'period', bounds, ...correlation.period! }, window: 'fixed' }
    case 'value_baseline':
      return { judge: { by: 'baseline', bounds, ...correlation.baseline! }, window: 'fixed' }
    case 'temporal':
    case 'temporal_ordered':
      if (least > rules.length) return `the condition asks for ${least} of ${rules.length} rules`
      return { judge: { by: 'steps', ordered, bounds }, window }
  }
}
