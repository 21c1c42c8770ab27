/** Every shipped scenario: can run, finds what its examples say and nothing in what only looks like it, in any order of records. */
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TIME_NOTES } from '../../../../shared/model/event.ts'
import { scenarioExamples, type ExampleCase } from '../../../../test/fixtures/sigma/scenario-examples.ts'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow } from '../../event/row.ts'
import { parserById } from '../../ingest/parsers/registry.ts'
import { resourcesDir } from '../../paths.ts'
import { compileRules } from '../compile.ts'
import type { Text } from '../compile/row-view.ts'
import { loadRules } from '../load-rules.ts'
import { reachable } from '../logsources/log-source.ts'
import { shippedLogSources } from '../logsources/table.ts'
import { resolveScenarios } from './resolve.ts'
import { eventsOf, ScenarioRun, type FoundScenario } from './scenario-run.ts'
import type { ScenarioPlan } from './scenario.ts'
import { withSteps } from './step-rules.ts'

const folder = join(resourcesDir(), 'rules')
const loaded = await loadRules([{ path: folder, builtin: true }])
const resolved = resolveScenarios(loaded.rules, loaded.scenarios, () => true)
const rules = withSteps(loaded.rules, resolved.stepRules, () => true)
const fields = new FieldRegistry()
const { matcher } = compileRules(rules, fields)
const files = [...new Set(loaded.scenarios.map(({ file }) => file))]
const nameOf = new Map(loaded.scenarios.map(({ id, name }) => [id, name ?? id]))
const fileOf = new Map(loaded.scenarios.map(({ id, file }) => [id, file]))

/** A record that rules of scenarios matched. */
interface Matched {
  readonly event: number
  readonly format: string
  readonly time: number
  readonly steps: readonly {
    readonly rule: string
    readonly reads: readonly string[]
    readonly values: readonly (Text | undefined)[]
  }[]
}

function matched({ records }: ExampleCase): Matched[] {
  return records.map(({ format, text }, event) => {
    const parser = parserById(format)?.create({
      fields,
      zone: 'UTC',
      received: Date.UTC(2026, 11, 15) * 1000,
      fileName: 'example',
    })
    if (parser === undefined) throw new Error(`no parser ${format}`)
    const row = new EventRow()
    row.format = format
    expect([parser.parse(text, row), text]).toEqual(['event', text])
    expect(TIME_NOTES[row.timeNote] === 'received', `no time: ${text}`).toBe(false)
    const steps = [...matcher.match(row)].flatMap((place) => {
      const rule = rules[place]!
      return rule.reads === undefined ? [] : [{ rule: rule.id, reads: rule.reads, values: [...matcher.read(place, row)] }]
    })
    return { event, format, time: row.time, steps }
  })
}

function found(events: readonly Matched[]): FoundScenario[] {
  const run = new ScenarioRun(resolved.plans)
  for (const { event, time, steps } of events)
    for (const { rule, reads, values } of steps) run.add(rule, event, time, (field) => values[reads.indexOf(field)])
  return run.finish()
}

/** Of the scenarios of one file, those that raise alerts. */
const told = (all: readonly FoundScenario[], file: string) =>
  all
    .filter(({ plan }) => plan.alerts && fileOf.get(plan.id) === file)
    .map((match) => ({
      scenario: nameOf.get(match.plan.id),
      group: Object.fromEntries(match.plan.groupBy.map((name, i) => [name, match.group[i]])),
      count: eventsOf(match).length,
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

/** A fixed shuffle: the same numbers every time. */
function shuffled<T>(all: readonly T[], seed: number): T[] {
  const copy = [...all]
  let state = seed
  for (let i = copy.length - 1; i > 0; i--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    const j = state % (i + 1)
    ;[copy[i], copy[j]] = [copy[j]!, copy[i]!]
  }
  return copy
}

/** Steps that took part, as `scenario step`. */
function taking({ plan, entries }: FoundScenario, into: Set<string>): void {
  for (const { step, match } of entries) {
    into.add(`${plan.id} ${step}`)
    if (match !== null) taking(match, into)
  }
}
const unwanted = ({ judge }: ScenarioPlan): ReadonlySet<number> =>
  new Set(judge.by === 'alternatives' ? judge.of.flatMap(({ without }) => without) : [])

describe('shipped scenarios', () => {
  it('can all run, at least twenty-eight of them, of nine families', () => {
    expect(loaded.problems).toEqual([])
    expect(resolved.problems).toEqual([])
    expect(resolved.plans.filter(({ alerts }) => alerts).length).toBeGreaterThanOrEqual(28)
    expect(new Set(files.map((file) => basename(dirname(file)))).size).toBeGreaterThanOrEqual(9)
    const all = [...loaded.rules, ...loaded.scenarios]
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length)
    const names = all.flatMap(({ name }) => (name === undefined ? [] : [name]))
    expect(new Set(names).size).toBe(names.length)
  })

  it('say what they are', () => {
    for (const one of [...loaded.scenarios, ...loaded.rules.filter(({ file }) => files.includes(file))]) {
      expect(one.id, one.title).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(one.description.length, one.title).toBeGreaterThan(20)
      expect(one.falsePositives.length, one.title).toBeGreaterThan(0)
      expect(
        one.attack.some((id) => id.startsWith('TA')),
        one.title,
      ).toBe(true)
      expect(
        one.attack.some((id) => /^T\d/.test(id)),
        one.title,
      ).toBe(true)
      expect(one.text, one.title).toContain('license: GPL-3.0-or-later')
      expect(one.status, one.title).toBe('test')
    }
    for (const rule of loaded.rules.filter(({ file }) => files.includes(file))) {
      expect(reachable(rule, shippedLogSources().sources), rule.title).toBe(true)
      // A rule that is there for a scenario only is needed by one, and alerts for nobody.
      expect(resolved.stepRules.find(({ id }) => id === rule.id)?.alerts, rule.title).toBe(false)
    }
    // Rules of the pack that scenarios speak of go on raising alerts of their own.
    for (const step of resolved.stepRules) {
      const rule = loaded.rules.find(({ id }) => id === step.id)!
      expect([rule.title, step.alerts]).toEqual([rule.title, rule.level !== 'info'])
    }
  })

  it('span sources: at least eight find matches whose events come from two or more', () => {
    const spanning = new Set<string>()
    for (const file of files)
      for (const example of scenarioExamples(file.replace(/\.yml$/, '.examples.yml'))) {
        const events = matched(example)
        for (const match of found(events)) {
          const formats = new Set(eventsOf(match).map(({ event }) => events[event]!.format))
          if (match.plan.alerts && fileOf.get(match.plan.id) === file && formats.size > 1) spanning.add(match.plan.title)
        }
      }
    expect(spanning.size, [...spanning].join('; ')).toBeGreaterThanOrEqual(8)
  })

  describe.each(files.map((file) => [relative(join(folder, 'scenarios'), file), file] as const))('%s', (_, file) => {
    const examples = scenarioExamples(file.replace(/\.yml$/, '.examples.yml'))
    const plans = resolved.plans.filter(({ id }) => fileOf.get(id) === file)
    const used = new Set<string>()
    const matching = new Set<string>()

    it.each(examples.map((example) => [example.name, example] as const))('%s', (_, example) => {
      const events = matched(example)
      for (const { steps } of events) for (const { rule } of steps) matching.add(rule)
      const expected = [...example.finds].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      const all = found(events)
      expect(told(all, file)).toEqual(expected)
      for (const match of all) taking(match, used)
      for (const order of [events.toReversed(), shuffled(events, 1), shuffled(events, 2), shuffled(events, 3)])
        expect(told(found(order), file)).toEqual(expected)
    })

    it('has cases of both kinds for each, and each step takes part in one', () => {
      for (const { id, title } of plans.filter(({ alerts }) => alerts)) {
        const finding = examples.filter(({ finds }) => finds.some(({ scenario }) => scenario === nameOf.get(id)))
        expect([title, finding.length >= 1, examples.length - finding.length >= 2]).toEqual([title, true, true])
      }
      for (const plan of plans)
        plan.steps.forEach(({ id, ref, kind }, step) => {
          if (!unwanted(plan).has(step))
            expect([plan.title, ref, used.has(`${plan.id} ${step}`)]).toEqual([plan.title, ref, true])
          if (kind === 'rule') expect([ref, matching.has(id)]).toEqual([ref, true])
        })
    })
  })
})
