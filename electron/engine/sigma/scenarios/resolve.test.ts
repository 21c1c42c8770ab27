import { describe, expect, it } from 'vitest'
import { rulesOfText } from '../parse-rules.ts'
import type { SigmaRule } from '../types.ts'
import { judgeOf, resolveScenarios, type ResolvedScenarios } from './resolve.ts'
import type { Bounds, Correlation, CorrelationType, SigmaScenario } from './scenario.ts'

const rule = (name: string, id = name): string =>
  `title: Rule ${name}\nid: ${id}\nname: ${name}\nlogsource: { category: test }\ndetection: { sel: { kind: ${name} }, condition: sel }\n`
const scenario = (name: string, rules: string, more = 'group-by: [user], timespan: 5m, condition: { gte: 1 }'): string =>
  `title: Scenario ${name}\nid: ${name}\ncorrelation: { type: event_count, rules: [${rules}], ${more} }\n`

function resolve(
  files: Readonly<Record<string, readonly string[]>>,
  on: (id: string) => boolean = () => true,
): ResolvedScenarios {
  const rules: SigmaRule[] = []
  const scenarios: SigmaScenario[] = []
  for (const [file, documents] of Object.entries(files))
    for (const read of rulesOfText({ file, folder: '/', text: documents.join('---\n') })) {
      expect(read.problems.filter(({ fatal }) => fatal)).toEqual([])
      if (read.rule !== null) rules.push(read.rule)
      if (read.scenario !== null) scenarios.push(read.scenario)
    }
  return resolveScenarios(rules, scenarios, on)
}
const idsOf = ({ plans }: ResolvedScenarios): string[] => plans.map(({ id }) => id)
const fatalOf = ({ problems }: ResolvedScenarios): string[] => problems.filter(({ fatal }) => fatal).map(({ message }) => message)

describe('scenarios are resolved', () => {
  it('each behind those it speaks of', () => {
    const resolved = resolve({
      f: [scenario('outer', 'middle'), scenario('middle', 'inner, a'), scenario('inner', 'a'), rule('a')],
    })
    expect(idsOf(resolved)).toEqual(['inner', 'middle', 'outer'])
    expect(resolved.problems).toEqual([])
    expect(resolved.plans[1]!.steps.map(({ kind }) => kind)).toEqual(['scenario', 'rule'])
  })

  it('by id and by name, of several rules with one name by that of the same file', () => {
    const both = { one: [rule('a', 'a1')], two: [rule('a', 'a2'), scenario('s', 'a')] }
    const same = resolve(both)
    expect(same.plans[0]!.steps[0]!.id).toBe('a2')
    expect(same.problems).toEqual([])
    const other = resolve({ one: [rule('a', 'a1')], two: [rule('a', 'a2')], three: [scenario('s', 'a')] })
    expect(other.plans[0]!.steps[0]!.id).toBe('a1')
    expect(other.problems).toMatchObject([{ file: 'three', fatal: false, message: '2 rules are named a; that in one is meant' }])
  })

  it('not where a rule is missing, and what needs them is not either; all else is', () => {
    const resolved = resolve({
      f: [scenario('outer', 'broken'), scenario('broken', 'nobody'), scenario('well', 'a'), rule('a')],
    })
    expect(idsOf(resolved)).toEqual(['well'])
    expect([...resolved.broken].sort()).toEqual(['broken', 'outer'])
    expect(fatalOf(resolved)).toEqual(['there is no rule nobody', 'Scenario broken, which this one needs, cannot be evaluated'])
  })

  it('says where: at the item of the list', () => {
    const text = `title: s\nid: s\ncorrelation:\n  type: event_count\n  rules:\n    - nobody\n  timespan: 5m\n  condition: { gte: 1 }\n`
    const { problems } = resolve({ f: [rule('a'), text] })
    const { line, column } = problems[0]!
    expect({ line, column }).toEqual({ line: 12, column: 7 })
  })

  it.each<[string, string, string, number, number]>([
    ['a second item', 'rules: [a, nobody]\n  condition: { gte: 1 }', 'there is no rule nobody', 6, 14],
    ['a bound', 'rules: [a]\n  condition: { gt: 3, lt: 3 }', 'can never hold', 7, 3],
    [
      'an alias',
      'rules: [a, b]\n  group-by: [who]\n  condition: { gte: 1 }\n  aliases:\n    who:\n      a: x\n      c: y',
      'aliases: c is none',
      12,
      7,
    ],
    [
      'a condition that is too long',
      `rules: [a, b, c]\n  condition: ${Array(6).fill('(a or b or c)').join(' and ')}`,
      'more than 64',
      7,
      14,
    ],
    ['words that cannot hold', "rules: [a]\n  condition: 'a and not a'", 'can never hold', 7, 14],
    ['a name of the condition', "condition: 'a and nobody'", 'there is no rule nobody', 6, 21],
    ['one that is broken', 'rules:\n    - a\n    - broken\n  condition: { gte: 1 }', 'which this one needs', 8, 7],
    ['itself', 'rules:\n    - a\n    - s\n  condition: { gte: 1 }', 'speaks of', 8, 7],
  ])('says where: %s', (_, text, message, line, column) => {
    const type = /condition: \{/.test(text) ? 'event_count' : 'temporal'
    const own = `title: s\nid: s\ncorrelation:\n  type: ${type}\n  timespan: 5m\n  ${text}\n`
    const others = [rule('a'), rule('b'), rule('c'), scenario('broken', 'nowhere')]
    const resolved = resolve({ f: [own, ...others] })
    const { problems, reasons } = resolved
    const mine = problems.filter((problem) => problem.message.includes(message))
    expect(mine).toMatchObject([{ line, column }])
    expect(reasons.get('s')).toEqual(mine)
  })

  it.each([
    ['itself', [scenario('s', 's')], ['s']],
    ['each other', [scenario('s', 't'), scenario('t', 's')], ['s', 't']],
    ['a longer circle', [scenario('s', 't'), scenario('t', 'u'), scenario('u', 's'), scenario('v', 'u')], ['s', 't', 'u', 'v']],
  ])('not where they speak of %s', (_, documents, broken) => {
    const resolved = resolve({ f: documents })
    expect(resolved.plans).toEqual([])
    expect([...resolved.broken].sort()).toEqual(broken)
    expect(fatalOf(resolved).some((message) => message.includes('speaks of'))).toBe(true)
  })

  it('eight deep and no deeper, also where there are ten thousand', () => {
    const chain = (length: number): string[] =>
      Array.from({ length }, (_, i) => scenario(`s${i}`, i === length - 1 ? 'a' : `s${i + 1}`))
    expect(resolve({ f: [rule('a'), ...chain(9)] }).broken.size).toBe(0)
    const deeper = resolve({ f: [rule('a'), ...chain(10)] })
    expect([...deeper.broken]).toEqual(['s0'])
    expect(fatalOf(deeper)).toEqual(['scenarios of scenarios more than 8 deep'])
    const deepest = resolve({ f: [rule('a'), ...chain(10_000)] })
    expect(deepest.plans).toHaveLength(9)
    expect(deepest.broken.size).toBe(9991)
  })

  it('not where one rule is named by its id and by its name', () => {
    expect(fatalOf(resolve({ f: [scenario('s', 'a, id-of-a'), rule('a', 'id-of-a')] }))).toEqual(['a and id-of-a are one rule'])
  })
})

describe('aliases', () => {
  const more = (aliases: string, groupBy = 'who'): string =>
    `group-by: [${groupBy}], timespan: 5m, condition: { gte: 1 }, aliases: ${aliases}`

  it('name the field of each rule; without one they are fields themselves', () => {
    const { plans } = resolve({ f: [scenario('s', 'a, b', more('{ who: { a: src } }')), rule('a'), rule('b')] })
    expect(plans[0]!.steps.map(({ fields }) => fields)).toEqual([['src'], ['who']])
  })

  it('go through chains', () => {
    const { plans, stepRules } = resolve({
      f: [
        scenario('outer', 'middle', more('{ who: { middle: ip } }')),
        scenario('middle', 'inner', more('{ ip: { inner: address } }', 'host')),
        scenario('inner', 'a', more('{ address: { a: src } }', 'host')),
        rule('a'),
      ],
    })
    expect(plans.map(({ id, reads, steps }) => [id, reads, steps[0]!.fields])).toEqual([
      ['inner', ['host', 'address'], ['host', 'src']],
      ['middle', ['host', 'ip'], ['host', 'address']],
      ['outer', ['who'], ['ip']],
    ])
    expect(stepRules).toEqual([{ id: 'a', reads: ['host', 'src'], alerts: false }])
  })

  it('may call a rule by its name that the list calls by its id, and no other rule', () => {
    const files = (aliases: string) => ({
      f: [scenario('s', 'id-of-a, b', more(aliases)), rule('a', 'id-of-a'), rule('b'), rule('c')],
    })
    expect(resolve(files('{ who: { a: src, b: dst } }')).plans[0]!.steps.map(({ fields }) => fields)).toEqual([['src'], ['dst']])
    for (const other of ['c', 'nobody', '__proto__'])
      expect(fatalOf(resolve(files(`{ who: { ${other}: src } }`)))).toEqual([
        `aliases: ${other} is none of the rules that are correlated`,
      ])
  })

  it('are bounded: what is asked of an inner scenario by all above it', () => {
    const fields = (from: number): string => Array.from({ length: 16 }, (_, i) => `f${from + i}`).join(', ')
    const asking = (n: number): string[] =>
      Array.from({ length: n }, (_, i) =>
        scenario(`s${i}`, 'inner', `group-by: [${fields(16 * (i + 1))}], timespan: 5m, condition: { gte: 1 }`),
      )
    const inner = scenario('inner', 'a', `group-by: [${fields(0)}], timespan: 5m, condition: { gte: 1 }`)
    expect(resolve({ f: [...asking(3), inner, rule('a')] }).problems).toEqual([])
    const resolved = resolve({ f: [...asking(4), scenario('top', 's0'), inner, rule('a')] })
    expect(resolved.broken.size).toBeGreaterThan(0)
    expect(fatalOf(resolved)[0]).toBe('it and those above it ask for more than 64 fields of Scenario inner')
    for (const { reads, steps } of resolved.plans) {
      expect(reads.length).toBeLessThanOrEqual(64)
      expect(steps.every(({ fields: own }) => own.length === reads.length)).toBe(true)
    }
    expect(idsOf(resolved)).toContain('inner')
  })
})

describe('who raises alerts', () => {
  const generating = 'group-by: [user], timespan: 5m, condition: { gte: 1 }, generate: true'
  const alerting = (resolved: ResolvedScenarios): string[] => [
    ...resolved.plans.filter(({ alerts }) => alerts).map(({ id }) => id),
    ...resolved.stepRules.filter(({ alerts }) => alerts).map(({ id }) => id),
  ]

  it('only the outermost, unless it says generate', () => {
    const documents = (more?: string): string[] => [
      scenario('outer', 'inner, b', more),
      scenario('inner', 'a'),
      rule('a'),
      rule('b'),
    ]
    expect(alerting(resolve({ f: documents() }))).toEqual(['outer'])
    expect(alerting(resolve({ f: documents(generating) }))).toEqual(['inner', 'outer', 'b'])
  })

  it('one that says generate is enough', () => {
    const resolved = resolve({ f: [scenario('s', 'a'), scenario('t', 'a', generating), rule('a')] })
    expect(alerting(resolved)).toEqual(['s', 't', 'a'])
  })

  it('not what is switched off, which serves all the same', () => {
    const documents = [scenario('outer', 'inner', generating), scenario('inner', 'a', generating), rule('a')]
    const off =
      (...ids: string[]) =>
      (id: string): boolean =>
        !ids.includes(id)
    expect(alerting(resolve({ f: documents }, off('inner', 'a')))).toEqual(['outer'])
    expect(alerting(resolve({ f: documents }, off('outer')))).toEqual(['inner', 'a'])
    expect(resolve({ f: documents }, off('outer', 'inner', 'a')).plans).toEqual([])
  })

  it('the inner one where the outer one cannot run', () => {
    expect(alerting(resolve({ f: [scenario('outer', 'inner, nobody'), scenario('inner', 'a'), rule('a')] }))).toEqual(['inner'])
  })
})

describe('how a condition is judged', () => {
  const judge = (type: CorrelationType, bounds: Bounds | null, more: Partial<Correlation> = {}) =>
    judgeOf({
      type,
      rules: ['a', 'b'],
      groupBy: [],
      aliases: {},
      timespan: 1,
      span: '1s',
      condition: bounds === null ? null : { bounds },
      fields: ['n'],
      percentile: 90,
      period: { shortest: 1, longest: 2, jitter: 3 },
      baseline: { factor: 2, windows: 7 },
      generate: false,
      ...more,
    })

  it.each<[CorrelationType, Bounds | null, string]>([
    ['event_count', { gte: 3 }, 'sliding'],
    ['event_count', { gt: 3, gte: 5 }, 'sliding'],
    ['event_count', { lt: 3 }, 'fixed'],
    ['event_count', { gte: 3, lte: 5 }, 'fixed'],
    ['event_count', { neq: 3 }, 'fixed'],
    ['value_count', { gte: 3 }, 'sliding'],
    ['value_sum', { gt: -3 }, 'sliding'],
    ['value_sum', { lt: -3 }, 'fixed'],
    ['value_avg', { gt: 3 }, 'fixed'],
    ['value_percentile', { gt: 3 }, 'fixed'],
    ['event_period', { gte: 3 }, 'fixed'],
    ['value_baseline', { gte: 3 }, 'fixed'],
    ['temporal', null, 'sliding'],
    ['temporal_ordered', { gte: 1 }, 'sliding'],
    ['temporal', { eq: 1 }, 'fixed'],
  ])('%s with %j: %s', (type, bounds, window) => {
    expect(judge(type, bounds)).toMatchObject({ window })
  })

  it('asks for all rules where nothing is said', () => {
    expect(judge('temporal_ordered', null)).toMatchObject({ judge: { by: 'steps', ordered: true, bounds: { gte: 2 } } })
  })

  it.each<[CorrelationType, Bounds, string]>([
    ['event_count', { gt: 5, lt: 6 }, 'can never hold'],
    ['event_count', { eq: 5, lt: 5 }, 'can never hold'],
    ['event_count', { eq: 5, neq: 5 }, 'can never hold'],
    ['event_count', { gte: 5, lte: 5, neq: 5 }, 'can never hold'],
    ['value_sum', { gt: 10, lt: 5 }, 'can never hold'],
    ['value_avg', { gte: 5, lt: 5 }, 'can never hold'],
    ['event_count', { eq: 0 }, 'a window without events'],
    ['value_count', { lt: 1 }, 'a window without events'],
    ['temporal', { lte: 0 }, 'a window without events'],
    ['temporal', { gte: 3 }, 'asks for 3 of 2 rules'],
    ['event_count', { gt: 50_000 }, 'more than the 50000 events'],
  ])('%s with %j is refused: %s', (type, bounds, message) => {
    expect(judge(type, bounds)).toEqual(expect.stringContaining(message))
  })

  it.each<[CorrelationType, Bounds]>([
    ['value_avg', { gt: 5, lt: 6 }],
    ['value_sum', { gte: 5, lte: 5 }],
    ['value_sum', { gt: 1e15 }],
    ['value_sum', { lt: 0 }],
    ['event_count', { gte: 50_000 }],
    ['event_count', { lte: 1 }],
  ])('%s with %j is not', (type, bounds) => {
    expect(judge(type, bounds)).toHaveProperty('judge')
  })
})
