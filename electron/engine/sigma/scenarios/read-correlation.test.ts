import { describe, expect, it } from 'vitest'
import { rulesOfText } from '../parse-rules.ts'
import type { Problem } from '../read-rule.ts'
import type { Correlation, SigmaScenario } from './scenario.ts'

/** Lines 3 to 7 of a document; a line is left out where it is empty. */
const LINES = {
  type: '  type: event_count',
  rules: '  rules: [a, b]',
  group: '  group-by: [User]',
  timespan: '  timespan: 10m',
  condition: '  condition: { gte: 3 }',
}
type Changed = Partial<Record<keyof typeof LINES, string>>

function read(changed: Changed, more = ''): { scenario: SigmaScenario | null; problems: readonly Problem[] } {
  const lines = Object.values({ ...LINES, ...changed }).filter((line) => line !== '')
  const text = ['title: s', 'correlation:', ...lines, more].join('\n')
  const [only] = rulesOfText({ file: 's.yml', folder: '/', text })
  return { scenario: only!.scenario, problems: only!.problems }
}
const correlationOf = (changed: Changed, more = ''): Correlation => {
  const { scenario, problems } = read(changed, more)
  expect(problems).toEqual([])
  return scenario!.correlation
}

describe('a correlation', () => {
  it('is read whole', () => {
    expect(correlationOf({})).toEqual({
      type: 'event_count',
      rules: ['a', 'b'],
      groupBy: ['User'],
      aliases: {},
      timespan: 600e6,
      span: '10m',
      condition: { bounds: { gte: 3 } },
      fields: [],
      percentile: 50,
      period: null,
      baseline: null,
      generate: false,
    })
  })

  it('takes one text where a list is meant, and no group-by for one group', () => {
    expect(correlationOf({ rules: '  rules: a', group: '' })).toMatchObject({ rules: ['a'], groupBy: [] })
  })

  it.each([
    ['1s', 1e6],
    ['90m', 5400e6],
    ['24h', 86_400e6],
    ['400d', 400 * 86_400e6],
    ['2w', 14 * 86_400e6],
    ['1M', 2_629_746e6],
    ['1y', 31_556_952e6],
  ])('reads the timespan %s', (span, timespan) => {
    expect(correlationOf({ timespan: `  timespan: ${span}` }).timespan).toBe(timespan)
  })

  it('has a default condition only where it is temporal', () => {
    expect(correlationOf({ type: '  type: temporal', condition: '' }).condition).toBeNull()
    expect(read({ condition: '' }).scenario).toBeNull()
  })

  it('reads a condition in words over its rules by index', () => {
    expect(correlationOf({ type: '  type: temporal', condition: '  condition: b and not a' }).condition).toEqual({
      expression: {
        op: 'and',
        of: [
          { op: 'search', search: 1 },
          { op: 'not', of: { op: 'search', search: 0 } },
        ],
      },
    })
  })

  it('takes names from the condition where there is no list of rules', () => {
    const { rules } = correlationOf({ type: '  type: temporal', rules: '', condition: '  condition: x and (y or not z)' })
    expect(rules).toEqual(['x', 'y', 'z'])
  })

  it('takes several bounds, fields, a percentile', () => {
    expect(correlationOf({ condition: '  condition: { gt: 100, lte: 200 }' }).condition).toEqual({
      bounds: { gt: 100, lte: 200 },
    })
    expect(correlationOf({ type: '  type: value_count', condition: '  condition: { field: [a, b], gte: 2 }' }).fields).toEqual([
      'a',
      'b',
    ])
    expect(
      correlationOf({ type: '  type: value_percentile', condition: '  condition: { field: n, percentile: 99.9, gt: -1.5 }' }),
    ).toMatchObject({ percentile: 99.9, condition: { bounds: { gt: -1.5 } } })
  })

  it('finds generate inside it and beside level', () => {
    expect(correlationOf({}, '  generate: true').generate).toBe(true)
    expect(correlationOf({}, 'generate: true').generate).toBe(true)
    expect(correlationOf({}, '  generate: false\ngenerate: true').generate).toBe(false)
  })

  it('reads its extensions', () => {
    const period = '  condition: { gte: 3, shortest: 30s, longest: 2h, jitter: 5 }'
    expect(correlationOf({ type: '  type: event_period', condition: period }).period).toEqual({
      shortest: 30e6,
      longest: 7200e6,
      jitter: 5,
    })
    const baseline = '  condition: { field: n, gte: 1, factor: 2.5, windows: 14 }'
    expect(correlationOf({ type: '  type: value_baseline', condition: baseline }).baseline).toEqual({ factor: 2.5, windows: 14 })
  })

  it('says what it does not know, and is read all the same', () => {
    const { scenario, problems } = read({}, '  window: 5m\n  aliases: { ip: { a: src } }')
    expect(scenario).not.toBeNull()
    expect(problems.map(({ line, column, message, fatal }) => [line, column, message, fatal])).toEqual([
      [8, 3, 'correlation.window is not part of Sigma: left out', false],
      [9, 14, 'the alias ip says nothing of b: read as the field ip', false],
      [9, 3, 'the alias ip is not used', false],
    ])
  })

  it('is left out of a document that is a rule, and that is said', () => {
    const text =
      'title: a\nlogsource: { category: x }\ndetection: { sel: { a: b }, condition: sel }\ncorrelation: { type: event_count }\n'
    const [only] = rulesOfText({ file: 's.yml', folder: '/', text })
    expect(only!.rule).not.toBeNull()
    expect(only!.problems).toMatchObject([
      { line: 4, column: 1, message: 'correlation beside detection: left out', fatal: false },
    ])
  })

  it('is not mistaken where names are those of objects', () => {
    const { scenario } = read({ rules: '  rules: [__proto__, constructor]', group: '  group-by: [toString]' })
    expect(scenario!.correlation.rules).toEqual(['__proto__', 'constructor'])
    expect(Object.keys(scenario!.correlation.aliases)).toEqual([])
  })
})

type Refused = [name: string, changed: Changed, more: string, line: number, column: number, message: string]
const many = (n: number): string => Array.from({ length: n }, (_, i) => `x${i}`).join(', ')
const REFUSED: Refused[] = [
  ['no type', { type: '' }, '', 3, 3, 'type is missing'],
  ['a type that is a list', { type: '  type: [event_count]' }, '', 3, 3, 'type: expected a text'],
  ['an unknown type', { type: '  type: near' }, '', 3, 3, 'type must be one of event_count'],
  ['no rules', { rules: '' }, '', 3, 3, 'rules is missing'],
  ['a rule that is a map', { rules: '  rules: [a, { b: c }]' }, '', 4, 14, 'rules: expected a text'],
  ['a rule twice', { rules: '  rules: [a, a]' }, '', 4, 14, 'the rule a is named twice'],
  ['too many rules', { rules: `  rules: [${many(101)}]` }, '', 4, 3, 'rules: more than 100'],
  ['too many groups', { group: `  group-by: [${many(1000)}]` }, '', 5, 3, 'group-by: more than 16'],
  ['a group twice', { group: '  group-by: [User, Host, User]' }, '', 5, 3, 'group-by: User is named twice'],
  ['no timespan', { timespan: '' }, '', 3, 3, 'timespan is missing'],
  ['a timespan without unit', { timespan: '  timespan: 10' }, '', 6, 3, 'timespan is a number above 0'],
  ['a timespan of fractions', { timespan: '  timespan: 1.5h' }, '', 6, 3, 'timespan is a number above 0'],
  ['a timespan that flows over', { timespan: `  timespan: ${'9'.repeat(400)}s` }, '', 6, 3, 'timespan: expected a text'],
  ['a timespan of years', { timespan: '  timespan: 401d' }, '', 6, 3, 'the timespan is longer than 400 days'],
  ['no condition', { condition: '' }, '', 3, 3, 'condition is missing'],
  ['a condition that is a list', { condition: '  condition: [1]' }, '', 7, 3, 'condition is a map'],
  ['a condition in words for a count', { condition: '  condition: a and b' }, '', 7, 3, 'a condition in words is for temporal'],
  ['an unknown bound', { condition: '  condition: { min: 3 }' }, '', 7, 16, 'condition.min is none of gt, gte'],
  ['a bound that is no number', { condition: '  condition: { gte: x }' }, '', 7, 16, 'gte: expected a number'],
  ['a bound that is empty', { condition: "  condition: { gte: '' }" }, '', 7, 16, 'gte: expected a number'],
  ['a bound that is null', { condition: '  condition: { gte: }' }, '', 7, 16, 'gte: expected a number'],
  ['a bound without end', { condition: '  condition: { gte: .inf }' }, '', 7, 16, 'gte: expected a number'],
  ['a part of an event', { condition: '  condition: { gte: 2.5 }' }, '', 7, 16, 'gte: expected a whole number'],
  ['less than nothing', { condition: '  condition: { gte: -1 }' }, '', 7, 16, 'gte: expected a whole number'],
  ['a field for a count', { condition: '  condition: { gte: 1, field: n }' }, '', 7, 3, 'field has no meaning for event_count'],
  [
    'a percentile for a count',
    { condition: '  condition: { percentile: 5 }' },
    '',
    7,
    16,
    'percentile is for value_percentile only',
  ],
  ['jitter for a count', { condition: '  condition: { jitter: 5 }' }, '', 7, 16, 'jitter is for event_period only'],
  ['a factor for a count', { condition: '  condition: { factor: 5 }' }, '', 7, 16, 'factor is for value_baseline only'],
  ['shortest for a count', { condition: '  condition: { shortest: 5s }' }, '', 7, 16, 'shortest is for event_period only'],
  ['aliases that are a list', {}, '  aliases: [a]', 8, 3, 'aliases is a map'],
  ['an alias that is a text', {}, '  aliases: { ip: src }', 8, 14, 'an alias is a map of rule and field'],
  ['an alias of a list', {}, '  aliases: { ip: { a: [x] } }', 8, 20, 'expected a rule and its field'],
  [
    'too many aliases',
    {},
    `  aliases: { ${many(65).replaceAll(/x\d+/g, (x) => `${x}: { a: f }`)} }`,
    8,
    3,
    'more than 64 aliases',
  ],
  ['a generate of words', {}, '  generate: often', 8, 3, 'generate is true or false'],
]
const temporal = (condition: string): Changed => ({ type: '  type: temporal', condition: `  condition: ${condition}` })
REFUSED.push(
  ['words that end too early', temporal('a and'), '', 7, 19, 'the condition ends too early'],
  ['words of another rule', temporal('a and c'), '', 7, 20, 'there is no rule "c"'],
  ['words of another rule in quotes', temporal('"a and c"'), '', 7, 21, 'there is no rule "c"'],
  ['words that forget a rule', temporal('a'), '', 7, 14, 'the condition says nothing of b'],
  ['words of nothing', temporal('""'), '', 7, 15, 'the condition is empty'],
  ['words in too many brackets', temporal(`${'('.repeat(80)}a`), '', 7, 78, 'the condition is nested too deeply'],
  ['a map without bounds', temporal('{}'), '', 7, 3, 'condition needs one of'],
  [
    'names from a condition without end',
    { ...temporal(many(5000).replaceAll(',', ' or')), rules: '' },
    '',
    6,
    14,
    'the condition names more than 100 rules',
  ],
)
const values = (type: string, condition: string): Changed => ({ type: `  type: ${type}`, condition: `  condition: ${condition}` })
REFUSED.push(
  ['values without field', values('value_sum', '{ gte: 1 }'), '', 7, 3, 'value_sum needs condition.field'],
  ['a sum of two fields', values('value_sum', '{ field: [a, b], gte: 1 }'), '', 7, 3, 'value_sum takes one field'],
  ['a field twice', values('value_count', '{ field: [a, a], gte: 1 }'), '', 7, 16, 'field: a is named twice'],
  ['a percentile of nothing', values('value_percentile', '{ percentile: 0 }'), '', 7, 16, 'percentile is above 0'],
  ['a percentile of more than all', values('value_percentile', '{ percentile: 101 }'), '', 7, 16, 'percentile is above 0'],
  ['a percentile that is true', values('value_percentile', '{ percentile: true }'), '', 7, 16, 'percentile is above 0'],
  ['an interval without unit', values('event_period', '{ shortest: 5 }'), '', 7, 16, 'shortest is a number above 0'],
  ['intervals the wrong way', values('event_period', '{ gte: 3, shortest: 9s, longest: 5s }'), '', 7, 3, 'shortest is longer'],
  ['jitter without end', values('event_period', '{ jitter: 1001 }'), '', 7, 16, 'jitter is at least 0 and at most 1000'],
  ['no factor', values('value_baseline', '{ field: n, gte: 1 }'), '', 7, 3, 'value_baseline needs condition.factor above 1'],
  ['two windows', values('value_baseline', '{ windows: 2 }'), '', 7, 16, 'windows is a whole number from 3 to 60'],
)

describe('a correlation is refused, with its position', () => {
  it.each(REFUSED)('%s', (_, changed, more, line, column, message) => {
    const { scenario, problems } = read(changed, more)
    expect(scenario).toBeNull()
    const [first] = problems.filter(({ fatal }) => fatal)
    expect([first?.line, first?.column, first?.message]).toEqual([line, column, expect.stringContaining(message)])
  })

  it.each([
    ['correlation: []', 1],
    ['correlation: text', 1],
    ['correlation:', 1],
    ['correlation: { }', 14],
  ])('%s', (section, column) => {
    const [only] = rulesOfText({ file: 's.yml', folder: '/', text: `title: s\n${section}\n` })
    expect(only!.scenario).toBeNull()
    expect(only!.problems.find(({ fatal }) => fatal)).toMatchObject({ line: 2, column })
  })

  it('where aliases of YAML go in circles or without end', () => {
    const anchors = Array.from({ length: 70 }, (_, i) => (i === 0 ? '&x0 a' : `&x${i} [*x${i - 1}, *x${i - 1}]`))
    const bomb = `bomb: [${anchors.join(', ')}]\n`
    const [only] = rulesOfText({
      file: 's.yml',
      folder: '/',
      text: `title: s\n${bomb}correlation:\n  type: event_count\n  rules: [*x69]\n  timespan: 5m\n  condition: { gte: 1 }\n`,
    })
    expect(only!.scenario).toBeNull()
    expect(only!.problems.some(({ fatal }) => fatal)).toBe(true)
  })
})
