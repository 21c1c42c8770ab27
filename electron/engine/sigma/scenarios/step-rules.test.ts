import { describe, expect, it } from 'vitest'
import { rulesOfText } from '../parse-rules.ts'
import { resolveScenarios } from './resolve.ts'
import { partsOf, withSteps } from './step-rules.ts'

const rule = (name: string, level: string): string =>
  `title: ${name}\nid: ${name}\nname: ${name}\nlogsource: { category: test }\ndetection:\n  s: { kind: ${name} }\n  condition: s\nlevel: ${level}\n`
const scenario = (name: string, rules: string, level: string, generate: boolean): string =>
  `title: ${name}\nid: ${name}\nname: ${name}\ncorrelation: { type: temporal, rules: [${rules}], timespan: 1h, generate: ${generate} }\nlevel: ${level}\n`

function loaded(...texts: readonly string[]) {
  const read = [...rulesOfText({ file: 'a.yml', folder: '.', text: texts.join('---\n') })]
  expect(read.flatMap(({ problems }) => problems)).toEqual([])
  return {
    rules: read.flatMap((one) => (one.rule === null ? [] : [one.rule])),
    scenarios: read.flatMap((one) => (one.scenario === null ? [] : [one.scenario])),
  }
}

/** Of what raises alerts, the ids. */
function alerting({ rules, scenarios }: ReturnType<typeof loaded>, off: string): string[] {
  const on = (id: string): boolean => id !== off
  const { plans, stepRules } = resolveScenarios(rules, scenarios, on)
  const parts = partsOf(rules, scenarios)
  return [
    ...withSteps(rules, stepRules, (id) => on(id) && !parts.has(id)).filter(({ alerts }) => alerts !== false),
    ...plans.filter(({ alerts }) => alerts),
  ].map(({ id }) => id)
}

describe('rules of scenarios', () => {
  const all = loaded(
    scenario('outer', 'inner, loud, quiet', 'high', true),
    scenario('inner', 'loud, part', 'informational', false),
    rule('loud', 'low'),
    rule('quiet', 'informational'),
    rule('part', 'informational'),
    rule('alone', 'informational'),
  )

  it('go on alerting where a scenario generates, unless they are informational', () =>
    expect(alerting(all, '')).toEqual(['loud', 'alone', 'outer']))

  it('that are informational stay quiet when their scenario is switched off, and so does an inner one', () =>
    expect(alerting(all, 'outer')).toEqual(['loud', 'alone']))
})
